import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { defineVoiceModel, type Recognizer, recognizeInThread } from '@sluice/core/voice';
import { grammarWords } from './grammar-words.ts';
import { checkPronounceable, checkPronunciations } from './pronunciations.ts';
import { sentences } from './sentences.ts';

const name = 'soundswallower';
/** From TypeScript sources the built twin is started: threads are compiled code. */
const thread = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/decoder-thread.js' : './decoder-thread.js',
  import.meta.url,
);

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

/** What {@link soundswallower} may hear: sentences or a grammar. */
export type SoundswallowerOptions = Partial<Omit<SoundswallowerSettings, 'grammar'>> &
  (
    | {
        /** A grammar in JSGF, with one public rule. */
        readonly grammar: string;
        /** Instead of a grammar. */
        readonly sentences?: never;
      }
    | {
        /** What is understood, in the notation of `sentences()`. */
        readonly sentences: readonly string[];
        /** Instead of sentences. */
        readonly grammar?: never;
      }
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
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 35,
    words: true,
    settings: defaults,
    checkSettings,
    start: (context) => recognizeInThread(context, { name, thread, sampleRate: 16_000, setUp: (settings) => settings }),
  });
}

function checkSettings({ grammar, pronunciations, tolerance }: SoundswallowerSettings): void {
  if (typeof grammar !== 'string') throw invalidArgument('grammar', 'JSGF text; sentences() writes it', grammar);
  checkPronunciations(pronunciations);
  if (!(tolerance >= 0 && tolerance <= 1_000)) throw outOfRange('tolerance', '0 to 1,000', tolerance);
  checkPronounceable(grammarWords(grammar), pronunciations);
}
