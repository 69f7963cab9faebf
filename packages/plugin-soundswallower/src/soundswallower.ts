import { type AudioFrame, checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { defineVoiceModel, type Recognizer, type RecognizerEvent, voiceError } from '@sluice/core/voice';
import { DecoderLink } from './decoder-link.ts';
import type { Heard } from './decoder-messages.ts';
import { grammarWords } from './grammar-words.ts';
import { checkPronounceable, checkPronunciations } from './pronunciations.ts';
import { sentences } from './sentences.ts';
import { Stretches } from './stretches.ts';

const name = 'soundswallower';
const RATE = 16_000;
const FRAME = RATE / 100;
/** Pieces that may be under way to the thread; with frames of 20 ms a second. */
const MOST_UNDER_WAY = 50;
const MOST_STRETCH_MS = 60_000;

/** What may change while it runs; it holds from the next stretch of speech on. */
export interface SoundswallowerSettings {
  /** JSGF text; `sentences()` writes it. */
  readonly grammar: string;
  /** ARPAbet without stress, by lower-case word, for words that the dictionary lacks: `{ sluice: 'S L UW S' }`. */
  readonly pronunciations: Readonly<Record<string, string>>;
  /**
   * Speech whose frames the grammar explains worse than any phones do by more than this is rejected, in steps of about
   * 0.1 nat. 0 to 1,000; default 17. More accepts more.
   */
  readonly tolerance: number;
}

export type SoundswallowerOptions = Partial<Omit<SoundswallowerSettings, 'grammar'>> &
  (
    | { readonly grammar: string; readonly sentences?: never }
    | { readonly sentences: readonly string[]; readonly grammar?: never }
  );

/**
 * A recogniser of stated sentences, offline and without a download. It hears 16 kHz mono; what is not in the grammar ends
 * with `rejected`, a sentence that was broken off with its words and `rejected`. Partials come each 100 ms, only while
 * the grammar fits. A hole in the timestamps, a gap or a minute ends a stretch as `flush()` does. Decoding runs in a
 * thread of the session.
 *
 * @example
 * const ears = soundswallower({ sentences: ['hello', 'set a timer for (ten | twenty) seconds [please]'] });
 * @throws TypeError for a grammar that is none, and for words without a pronunciation
 * @see `sentences` for slots
 */
export function soundswallower(options: SoundswallowerOptions): Recognizer<SoundswallowerSettings> {
  checkKeys<Record<'grammar' | 'sentences' | 'pronunciations' | 'tolerance', unknown>>(name, options, {
    grammar: true,
    sentences: true,
    pronunciations: true,
    tolerance: true,
  });
  const { pronunciations = {}, tolerance = 17 } = options;
  if ((options.grammar === undefined) === (options.sentences === undefined))
    throw invalidArgument(name, 'either grammar or sentences', Object.keys(options));
  const grammar = options.sentences === undefined ? options.grammar : sentences(options.sentences);
  const defaults: SoundswallowerSettings = { grammar: grammar!, pronunciations, tolerance };
  checkSettings(defaults);

  return defineVoiceModel<'recognizer', SoundswallowerSettings>({
    kind: 'recognizer',
    name,
    accepts: { sampleRates: [RATE], channels: [1] },
    latencyMs: 20,
    words: true,
    settings: defaults,
    checkSettings,
    start: async (context) => {
      const stretches = new Stretches(RATE, MOST_STRETCH_MS);
      const tell = (type: 'partial' | 'final', id: number, heard: Heard) => {
        const stretch = stretches.find(id);
        if (stretch === undefined) return;
        const at = (frame: number) => stretches.timeOf(stretch, frame * FRAME);
        const words = heard.words.map(({ text, from, to }) => ({ text, start: at(from), end: at(to) }));
        const fits = heard.fit >= -context.settings.tolerance;
        if (type === 'partial') {
          if (fits && heard.text !== '') context.emit({ type, text: heard.text, words });
          return;
        }
        stretches.settle(id);
        const { from, to } = heard.spoken ?? { from: 0, to: stretch.samples / FRAME };
        const rejected = heard.spoken !== undefined && !(fits && heard.whole);
        const understood = fits ? { text: heard.text, words } : { text: '', words: [] };
        const final: RecognizerEvent = { type, ...understood, start: at(from), end: at(to) };
        context.emit(rejected ? { ...final, rejected } : final);
      };
      let [started, refusal]: [boolean, unknown] = [false, undefined];
      const fail = (error: unknown) => {
        if (started) context.fail(error);
        else refusal ??= error;
      };
      const link = new DecoderLink(context.clock, {
        heard: ({ type, stretch, heard }) => tell(type, stretch, heard),
        refused: (message) => fail(unusable(message)),
        lost: fail,
      });
      const end = () => {
        const ended = stretches.end();
        return ended === undefined ? undefined : link.send({ type: 'end', stretch: ended.id });
      };
      await link.send({ type: 'grammar', vocabulary: context.settings });
      if (refusal !== undefined) {
        await link.close();
        throw refusal;
      }
      started = true;
      return {
        write(frame) {
          checkFormat(frame);
          const { stretch, ended } = stretches.add(frame);
          if (ended !== undefined) void link.send({ type: 'end', stretch: ended.id });
          const sent = link.send({ type: 'audio', stretch: stretch.id, samples: new Int16Array(frame.samples) });
          return link.waiting > MOST_UNDER_WAY ? sent : undefined;
        },
        flush: () => end(),
        onUpdate: () => void link.send({ type: 'grammar', vocabulary: context.settings }),
        onCancel: () => {
          stretches.drop();
          void link.send({ type: 'drop' });
        },
        close: () => link.close(),
      };
    },
  });
}

function unusable(why: string): Error {
  const fix = 'Look for a rule that is not JSGF';
  return voiceError(`its grammar cannot be used: ${why}`, { model: name, category: 'give-up', fix });
}

function checkSettings({ grammar, pronunciations, tolerance }: SoundswallowerSettings): void {
  if (typeof grammar !== 'string') throw invalidArgument('grammar', 'JSGF text; sentences() writes it', grammar);
  checkPronunciations(pronunciations);
  if (!(tolerance >= 0 && tolerance <= 1_000)) throw outOfRange('tolerance', '0 to 1,000', tolerance);
  checkPronounceable(grammarWords(grammar), pronunciations);
}

function checkFormat({ sampleRate, channels }: AudioFrame): void {
  if (sampleRate === RATE && channels === 1) return;
  throw voiceError('it hears one channel of 16 kHz', {
    model: name,
    category: 'give-up',
    received: `${channels} of ${sampleRate} Hz`,
    fix: 'Convert the frames before: graphs do so by themselves',
  });
}
