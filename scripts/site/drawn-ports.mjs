// What stands before and behind nodes whose types do not tell it: inputs that are added by name, two ends in one object, models.
const audio = (port) => ({ port, media: 'audio' });
const video = (port) => ({ port, media: 'video' });
const recognizer = { inputs: [audio('sound')], outputs: [{ port: 'words', media: 'text' }] };
const synthesizer = { inputs: [{ port: 'sentences', media: 'text' }], outputs: [audio('voice')] };
const detector = { inputs: [audio('sound')], outputs: [{ port: 'speech or not', media: '' }] };
/** What is asked by whoever follows a person, and no node by itself. */
const asked = (...outputs) => ({
  inputs: [{ port: 'what is known of a turn', media: '' }],
  outputs: outputs.map((port) => ({ port, media: '' })),
});
const [ending, interrupting] = ['the silence that ends it', 'whether it interrupts'];
const addressing = asked('whether the agent is meant');
const agent = { inputs: [audio('person')], outputs: [audio('voice')] };

export const drawnPorts = {
  mixer: { inputs: [audio('voice'), audio('music')], outputs: [audio()] },
  composite: { inputs: [video('ada'), video('grace')], outputs: [video()] },
  tee: {
    inputs: [{ media: '' }],
    outputs: [
      { port: 'one', media: '' },
      { port: 'another', media: '' },
    ],
  },
  recordConversation: { inputs: [audio('person'), audio('agent')], outputs: [audio('stereo')] },
  mediaSocket: { inputs: [audio('said')], outputs: [audio('heard')] },
  fromMedia: { inputs: [], outputs: [audio('audio'), video('video')] },
  toMovie: { inputs: [audio('audio'), video('video')], outputs: [] },
  toWhip: { inputs: [audio('sound'), video('pictures')], outputs: [] },
  followSpeakers: { inputs: [audio('ada'), audio('grace')], outputs: [audio('agent')] },
  voiceAgent: agent,
  realtimeAgent: agent,
  deepgramListen: recognizer,
  deepgramFlux: recognizer,
  elevenLabsRecognizer: recognizer,
  deepgramSpeak: synthesizer,
  elevenLabsSpeech: synthesizer,
  fvad: detector,
  silero: detector,
  Compositor: { inputs: [video('ada'), video('grace')], outputs: [video()] },
  eachPixel: { inputs: [video()], outputs: [video()] },
  readTestPattern: { inputs: [video()], outputs: [{ port: 'its number and time', media: '' }] },
  SentenceSplitter: { inputs: [{ port: 'tokens', media: 'text' }], outputs: [{ port: 'sentences', media: 'text' }] },
  SayQueue: { inputs: [{ port: 'text', media: 'text' }], outputs: [{ port: 'sentences', media: 'text' }] },
  sayFrame: { inputs: [{ port: 'sentence', media: 'text' }], outputs: [{ port: 'speak', media: 'say' }] },
  TurnTaker: {
    inputs: [
      { port: 'words', media: 'text' },
      { port: 'speech or not', media: '' },
    ],
    outputs: [
      { port: 'turns', media: '' },
      { port: 'interruptions', media: '' },
    ],
  },
  ConversationLog: {
    inputs: [
      { port: 'turns', media: '' },
      { port: 'what was heard', media: '' },
    ],
    outputs: [{ port: 'messages for a model', media: 'text' }],
  },
  partsOf: { inputs: [{ port: 'a turn', media: '' }], outputs: [{ port: 'who took how long', media: '' }] },
  silence: asked(ending),
  judged: asked(ending),
  recognizerTurns: asked(ending),
  externalTurns: asked(ending),
  pushToTalk: asked(ending, interrupting),
  backChannels: asked(interrupting),
  minimumWords: asked(interrupting),
  sustained: asked(interrupting),
  everyone: addressing,
  byName: addressing,
  lastPartner: addressing,
  alone: addressing,
  anyOf: addressing,
};
