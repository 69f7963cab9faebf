import type { SpeakMessage, TokenTime } from '../messages.ts';
import { type EspeakEvent, tokenTimes } from './token-times.ts';

export const SAMPLE_RATE = 22_050;

/** What is used of the package's class. */
interface Foreign {
  /** 0 if there is that voice. */
  set_voice(name: string): number;
  set_rate(wordsPerMinute: number): void;
  /** Calls back with samples of its own and events; true stops it. */
  synthesize(text: string, callback: (samples: Int16Array | undefined, events: EspeakEvent[]) => boolean): void;
}

interface ForeignModule {
  readonly default?: (options: object) => Promise<{ readonly eSpeakNGWorker?: new () => Foreign }>;
}

/** espeak-ng, in this thread. */
export class EspeakEngine {
  readonly #foreign: Foreign;
  #voice = '';

  private constructor(foreign: Foreign) {
    this.#foreign = foreign;
  }

  /** @throws Error for a module that is no espeak */
  static async load(moduleUrl: string): Promise<EspeakEngine> {
    const make = ((await import(moduleUrl)) as ForeignModule).default;
    const { eSpeakNGWorker } = typeof make === 'function' ? await make({ print() {}, printErr() {} }) : {};
    if (eSpeakNGWorker === undefined) throw new Error('the module has no eSpeakNGWorker');
    return new EspeakEngine(await new eSpeakNGWorker());
  }

  /**
   * Speaks; `heard` gets samples as they come, each array its own, and says whether to stop.
   *
   * @throws Error for a voice that there is not
   */
  speak({ voice, rate, tokens }: SpeakMessage, heard: (samples: Int16Array) => boolean): TokenTime[] {
    if (voice !== this.#voice) {
      if (this.#foreign.set_voice(voice) !== 0) throw new Error(`there is no voice ${voice}`);
      this.#voice = voice;
    }
    this.#foreign.set_rate(rate);
    const events: EspeakEvent[] = [];
    const pieces: Int16Array[] = [];
    this.#foreign.synthesize(marked(tokens), (samples, told) => {
      events.push(...told);
      if (samples === undefined || samples.length === 0) return false;
      pieces.push(samples.slice());
      return heard(samples);
    });
    return tokenTimes(events, tokens, joined(pieces), SAMPLE_RATE);
  }
}

/** The tokens with a mark before each: SSML, which espeak reads without being told. */
function marked(tokens: readonly string[]): string {
  return tokens.map((token, index) => `<mark name="${index}"/>${escaped(token)}`).join(' ');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
