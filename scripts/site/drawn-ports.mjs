// What stands before and behind nodes whose types do not tell it: inputs that are added by name, two ends in one object, models.
const audio = (port) => ({ port, media: 'audio' });
const video = (port) => ({ port, media: 'video' });
const recognizer = { inputs: [audio('sound')], outputs: [{ port: 'words', media: 'text' }] };
const synthesizer = { inputs: [{ port: 'sentences', media: 'text' }], outputs: [audio('voice')] };
const detector = { inputs: [audio('sound')], outputs: [{ port: 'speech or not', media: '' }] };
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
};
