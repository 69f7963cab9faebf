// Examples of conversations: who speaks, what they say, when they are done, whom they mean. See examples.mjs.
import { graph } from '@sluice/core';
import * as nodes from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';

const { alone, anyOf, backChannels, byName, ConversationLog, fromFrames, lastPartner, minimumWords, partsOf } = nodes;
const { sayFrame, SentenceSplitter, silence, speak, sustained, toNull, transcribe, vad } = nodes;

export const heard = {
  speak: {
    run: async (sink) => {
      const bot = graph('speaker');
      const mouth = bot.add(speak({ synthesizer: flite() }));
      bot.from(fromFrames([sayFrame('greeting', 'Hello there. How are you?')])).to(mouth.in.in);
      mouth.out.audio.to(sink);
      await bot.run();
    },
  },
};

export const told = {
  vad: {
    given: ['voice'],
    run: async (voice, tell) => {
      const bot = graph('ears');
      const ears = bot.add(vad({ detector: fvad() }));
      bot.from(voice).to(ears.in.in);
      ears.out.speech.to({ next: ({ speaking, at, toldAt }) => tell({ speaking, at, toldAt }) });
      ears.out.audio.to(toNull());
      await bot.run();
    },
  },
  transcribe: {
    given: ['answer'],
    run: async (answer, tell) => {
      const bot = graph('scribe');
      const scribe = bot.add(
        transcribe({ recognizer: soundswallower({ sentences: ['hello there', 'what time is it'] }) }),
      );
      bot.from(answer).to(scribe.in.audio);
      scribe.out.out.to({ next: ({ text, final, words }) => tell({ text, final, words: words.length }) });
      await bot.run();
    },
  },
  SentenceSplitter: {
    run: async (tell) => {
      const splitter = new SentenceSplitter({ locale: 'en' });
      for (const token of ['It costs 1.5', ' dollars, says Dr. ', 'Lee. Shall', ' I buy it?'])
        for (const { text } of splitter.push(token)) tell({ token, text });
      for (const { text } of splitter.end()) tell({ text });
    },
  },
  sayFrame: { run: async (tell) => tell(sayFrame('greeting', 'Hello there.')) },
  silence: {
    run: async (tell) => {
      const strategy = silence({ ms: 500 });
      for (const recognizerLatencyMs of [300, 700])
        tell({ recognizerLatencyMs, endsAfterMs: strategy.endAfterMs({ recognizerLatencyMs }) });
    },
  },
  backChannels: {
    run: async (tell) => {
      const strategy = backChannels();
      for (const text of ['uh huh', 'yeah right', 'yeah but stop'])
        tell({ text, verdict: strategy.interrupts({ text, speaking: false }) });
    },
  },
  minimumWords: {
    run: async (tell) => {
      const strategy = minimumWords({ words: 2 });
      for (const text of ['stop', 'stop it']) tell({ text, verdict: strategy.interrupts({ text }) });
    },
  },
  sustained: {
    run: async (tell) => {
      const strategy = sustained();
      for (const speechMs of [120, 320]) tell({ speechMs, verdict: strategy.interrupts({ text: '', speechMs }) });
    },
  },
  byName: {
    run: async (tell) => {
      const strategy = byName(['Ada']);
      for (const text of ['What do you think, Ada?', 'What do you think?'])
        tell({ text, addressed: strategy.addresses({ text }) });
    },
  },
  alone: {
    run: async (tell) => {
      const [ann, bob] = [{ id: 'ann' }, { id: 'bob' }];
      for (const speakers of [[ann], [ann, bob]])
        tell({ people: speakers.length, addressed: alone().addresses({ speaker: ann, speakers }) });
    },
  },
  lastPartner: {
    run: async (tell) => {
      const strategy = lastPartner({ forMs: 8_000 });
      const log = [
        { who: 'person', speaker: 'ann', addressed: 'by-name', text: 'Ada, what is new?', startMs: 0, endMs: 900 },
        { who: 'agent', to: 'ann', text: 'Nothing.', startMs: 1_500, endMs: 2_000 },
      ];
      const speaker = { id: 'ann' };
      for (const startMs of [4_000, 14_000])
        tell({
          startMs,
          addressed: strategy.addresses({ speaker, text: 'Really?', startMs, log, speakers: [speaker] }),
        });
    },
  },
  anyOf: {
    run: async (tell) => {
      const strategy = anyOf(byName(['Ada']), alone());
      const speakers = [{ id: 'ann' }, { id: 'bob' }];
      for (const text of ['Ada, are you there?', 'Is anybody there?'])
        tell({ text, addressed: strategy.addresses({ text, speaker: speakers[0], speakers }) });
    },
  },
  partsOf: {
    run: async (tell) => {
      const trace = {
        voicedEndMs: 1_000,
        decidedMs: 1_500,
        firstTokenMs: 1_850,
        firstSentenceMs: 1_950,
        firstByteMs: 2_080,
      };
      for (const part of partsOf({ ...trace, firstAudibleMs: 2_100 })) tell(part);
    },
  },
  ConversationLog: {
    run: async (tell) => {
      const log = new ConversationLog();
      log.person({ id: 1, text: 'When are you open?', words: [], voicedStartMs: 0, voicedEndMs: 900 });
      const cut = {
        id: 'u1',
        text: 'From nine to six. On Sundays we rest.',
        heardText: 'From nine to six.',
        words: [],
      };
      log.agent({ ...cut, interrupted: true, startedMs: 1_900, endedMs: 3_100, heardMs: 1_200, droppedMs: 900 });
      for (const message of log.messages('You are a receptionist.')) tell(message);
    },
  },
};
