// Examples of whole conversations and of whose turn it is, in virtual time. See examples.mjs.
import { graph } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fakeLanguageModel, fakeSpeechModel, fakeTurnDetector } from '@sluice/core/voice';
import * as nodes from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { silero } from '@sluice/plugin-vad-silero';
import { toMicrophone } from '@sluice/transport';

const { echoGuard, echoReference, everyone, externalTurns, fromFrames, judged, pushToTalk, realtimeAgent } = nodes;
const { recognizerTurns, recordConversation, sayFrame, SayQueue, silence, speak, toNull, TurnTaker } = nodes;
const { vad, voiceAgent } = nodes;

export const heard = {
  voiceAgent: {
    given: ['question', 'room'],
    run: async (question, { clock, agent: place, person }, sink) => {
      const bot = graph('agent', { clock });
      const speaks = toMicrophone(place.createMicrophone());
      const hears = bot.from(place.hears());
      const recording = recordConversation({ clock });
      hears.to(recording.heard);
      bot.from(recording.stereo).to(sink);
      const agent = voiceAgent(bot, {
        hears,
        speaks,
        detector: fvad(),
        recognizer: soundswallower({ sentences: ['what time is it', 'hello there'] }),
        model: fakeLanguageModel({ reply: () => 'It is half past nine.', firstTokenMs: 200 }),
        synthesizer: flite(),
        through: (_scope, voice) => {
          voice.to(recording.said((id) => speaks.utterance(id)));
          return voice;
        },
      });
      person.place(question, 300);
      await bot.start();
      await clock.advance(5_000);
      agent.end();
      recording.end();
      const done = bot.stop();
      await clock.run({ until: done });
    },
  },
  recordConversation: {
    given: ['question', 'room'],
    run: async (question, { clock, agent, person }, sink) => {
      const bot = graph('recorder', { clock });
      const recording = recordConversation({ clock });
      const speaks = toMicrophone(agent.createMicrophone());
      const mouth = bot.add(speak({ synthesizer: flite() }));
      bot.from(fromFrames([sayFrame('offer', 'May I help you?')])).to(mouth.in.in);
      mouth.out.audio.to(speaks);
      mouth.out.audio.to(recording.said((id) => speaks.utterance(id)));
      bot.from(agent.hears()).to(recording.heard);
      bot.from(recording.stereo).to(sink);
      // Left, over the end of what is said at the right.
      person.place(question, 900);
      await bot.start();
      await clock.advance(3_000);
      recording.end();
      const done = bot.stop();
      await clock.run({ until: done });
    },
  },
  echoGuard: {
    given: ['question', 'room'],
    run: async (question, { clock, agent, person }, sink) => {
      // The person's microphone hears the agent; they ask when it has been silent for a while.
      person.echo({ gainDb: -12, delayMs: 180 });
      person.place(question, 3_500);
      const bot = graph('agent', { clock });
      const reference = echoReference({ clock });
      const speaks = toMicrophone(agent.createMicrophone());
      const mouth = bot.add(speak({ synthesizer: flite() }));
      bot.from(fromFrames([sayFrame('offer', 'Hello. What can I do for you today?')])).to(mouth.in.in);
      mouth.out.audio.to(speaks);
      mouth.out.audio.to(reference.played((id) => speaks.utterance(id)));
      bot
        .from(agent.hears())
        .pipe(echoGuard({ reference, learnMs: 200 }))
        .to(sink);
      await bot.start();
      await clock.advance(5_000);
      const done = bot.stop();
      await clock.run({ until: done });
    },
  },
};

export const told = {
  realtimeAgent: {
    given: ['question', 'room'],
    run: async (question, { clock, agent: place, person }, tell) => {
      const bot = graph('agent', { clock });
      const agent = realtimeAgent(bot, {
        hears: bot.from(place.hears()),
        speaks: toMicrophone(place.createMicrophone()),
        model: fakeSpeechModel({ texts: ['What time is it?'], reply: () => 'It is half past nine.', firstByteMs: 300 }),
      });
      person.place(question, 300);
      await bot.start();
      await clock.advance(5_000);
      for (const { who, text } of agent.log.entries) tell({ who, text });
      agent.end();
      const done = bot.stop();
      await clock.run({ until: done });
    },
  },
  SayQueue: {
    given: ['room'],
    run: async ({ clock, agent }, tell) => {
      const bot = graph('speaker', { clock });
      const speaks = toMicrophone(agent.createMicrophone());
      const queue = new SayQueue({ clock, receipt: (id) => speaks.utterance(id) });
      const mouth = bot.add(speak({ synthesizer: flite() }));
      bot.from(fromFrames(queue.frames(), { external: false })).to(mouth.in.in);
      mouth.out.spoken.to({ next: queue.onSpoken });
      mouth.out.audio.to(speaks);
      await bot.start();
      const said = queue.say('We are open from nine to six. On Sundays we rest.');
      await clock.advance(2_000);
      queue.interrupt();
      void bot.interrupt();
      await clock.advance(500);
      const { heardText, heardMs, droppedMs, interrupted } = await said.finished;
      tell({ heardText, heardMs, droppedMs, interrupted });
      queue.close();
      const done = bot.stop();
      await clock.run({ until: done });
    },
  },
  TurnTaker: {
    run: async (tell) => {
      const clock = new VirtualClock();
      const person = new TurnTaker({
        clock,
        strategies: [silence({ ms: 500 })],
        recognizerLatencyMs: 300,
        onTurn: ({ text, voicedEndMs, decidedMs }) => tell({ text, voicedEndMs, decidedMs }),
        onInterrupt: () => {},
      });
      const speech = (speaking) =>
        person.onSpeech({ kind: 'speech', speaking, at: clock.now() * 1_000, atMs: clock.now(), toldAt: clock.now() });
      speech(true);
      await clock.advance(1_200);
      speech(false);
      person.onTranscript({ kind: 'transcript', text: 'what time is it', words: [], final: true, end: 1_200_000 });
      await clock.advance(2_000);
      person.close();
    },
  },
  pushToTalk: {
    run: async (tell) => {
      const button = pushToTalk();
      const ended = [];
      button.attach({ endTurn: () => ended.push('the turn'), reconsider: () => {} });
      for (const act of ['press', 'release']) {
        button[act]();
        tell({ act, listens: button.listens(), verdict: button.interrupts({}), ended });
      }
    },
  },
  externalTurns: {
    run: async (tell) => {
      const turns = externalTurns();
      const ended = [];
      turns.attach({ endTurn: () => ended.push('the turn'), reconsider: () => {} });
      tell({ endsAfterMs: turns.endAfterMs({ silenceMs: 60_000 }), ended });
      turns.end();
      tell({ ended });
    },
  },
  judged: {
    run: async (tell) => {
      const clock = new VirtualClock();
      const detector = fakeTurnDetector({ judge: ({ text }) => (text.endsWith('and') ? 0.1 : 0.9) });
      const strategy = judged({ detector, clock });
      const close = strategy.attach({ state: { words: [] }, endTurn: () => {}, reconsider: () => {} });
      await clock.advance(0);
      for (const text of ['I need a table and', 'I need a table and two chairs']) {
        strategy.endAfterMs({ text, speaking: false, silenceMs: 100 });
        await clock.advance(50);
        tell({ text, endsAfterMs: strategy.endAfterMs({ text, speaking: false, silenceMs: 150 }) });
      }
      close();
    },
  },
  recognizerTurns: {
    run: async (tell) => {
      const strategy = recognizerTurns();
      for (const mark of ['begun', 'ending', 'over']) tell({ mark, endsAfterMs: strategy.endAfterMs({ mark }) });
    },
  },
  everyone: {
    run: async (tell) => {
      for (const text of ['Ada, what do you think?', 'Shall we have lunch?'])
        tell({ text, addressed: everyone().addresses({ text }) });
    },
  },
  fvad: {
    given: ['voice'],
    run: async (voice, tell) => {
      const bot = graph('ears');
      const ears = bot.add(vad({ detector: fvad({ mode: 3, minSpeechMs: 60 }) }));
      bot.from(voice).to(ears.in.in);
      ears.out.speech.to({ next: ({ speaking, at, toldAt }) => tell({ speaking, at, toldAt }) });
      ears.out.audio.to(toNull());
      await bot.run();
    },
  },
  silero: {
    given: ['voice'],
    run: async (voice, tell) => {
      const bot = graph('ears');
      const ears = bot.add(vad({ detector: silero() }));
      bot.from(voice).to(ears.in.in);
      ears.out.speech.to({ next: ({ speaking, at, toldAt }) => tell({ speaking, at, toldAt }) });
      ears.out.audio.to(toNull());
      await bot.run();
    },
  },
};
