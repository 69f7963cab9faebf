import type { Heard, HeardWord, RecognizerDecoder } from '@sluice/core/voice';
import createModule, { type Decoder as Engine, type SoundSwallowerModule } from 'soundswallower';
import { modelBase, phones } from './pronunciations.ts';
import type { SoundswallowerSettings } from './soundswallower.ts';

/** Samples at a time, whatever comes in: the engine's running estimate of the channel depends on the pieces. */
const PIECE = 1_600;
/** Samples of what the engine calls a frame. */
const FRAME = 160;
/** The engine's end of a sentence needs a little silence. */
const TAIL = new Float32Array(3_200);
const isSpeech = (word: string) => !/^(?:<|\[|\(NULL\))/.test(word);

/**
 * The grammar and, beside it, a loop of any phones, both over the same sound. The engine has no confidence and finds the
 * nearest sentence in anything; how much better the loop explains the sound says whether it was one. Scores of the two
 * compare only if all senones are computed (`compallsen`): otherwise each is normalised over its own.
 */
export class Decoder implements RecognizerDecoder<SoundswallowerSettings> {
  readonly #module: SoundSwallowerModule;
  readonly #grammar: Engine;
  readonly #loop: Engine;
  readonly #score: number;
  #running = false;
  #piece = new Float32Array(PIECE);
  #filled = 0;
  #last = '';
  #tolerance = 0;

  private constructor(module: SoundSwallowerModule, grammar: Engine, loop: Engine) {
    this.#module = module;
    this.#grammar = grammar;
    this.#loop = loop;
    this.#score = module._malloc(4);
  }

  static async create(): Promise<Decoder> {
    const module = await createModule({ modelBase: modelBase(), print: () => {}, printErr: () => {} } as never);
    const [grammar, loop] = [1, 2].map(
      () => new module.Decoder({ samprate: 16_000, compallsen: true, loglevel: 'FATAL' }),
    ) as [Engine, Engine];
    await grammar.initialize();
    await loop.initialize();
    loop.add_words(...phones.map((phone): [string, string] => [`ph_${phone.toLowerCase()}`, phone]));
    const any = phones.map((phone) => `ph_${phone.toLowerCase()}`).join(' | ');
    loop.set_grammar(`#JSGF V1.0;\ngrammar loop;\npublic <loop> = ( ${any} )+;\n`);
    return new Decoder(module, grammar, loop);
  }

  use({ grammar, pronunciations, tolerance }: SoundswallowerSettings): void {
    const own = Object.entries(pronunciations).filter(([word, spoken]) => this.#grammar.lookup_word(word) !== spoken);
    if (own.length > 0) this.#grammar.add_words(...own);
    try {
      this.#grammar.set_grammar(grammar);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`its grammar cannot be used: ${why}. Look for a rule that is not JSGF`, { cause });
    }
    this.#tolerance = tolerance;
  }

  /** What is understood so far, each time that it changed. */
  read(samples: Int16Array, tell: (heard: Heard) => void): void {
    for (let at = 0; at < samples.length; at++) {
      this.#piece[this.#filled++] = samples[at]! / 32_768;
      if (this.#filled < PIECE) continue;
      this.#decode(this.#piece);
      this.#filled = 0;
      const text = this.#grammar.get_text();
      if (text === this.#last) continue;
      this.#last = text;
      tell(this.#heard(text, true));
    }
  }

  /** The end of the stretch. Speech that was broken off in a sentence keeps the words that were running. */
  end(): Heard {
    this.#decode(this.#piece.subarray(0, this.#filled));
    this.#decode(TAIL);
    const running = this.#heard(this.#grammar.get_text(), false);
    this.#stop();
    const text = this.#grammar.get_text();
    return text === '' ? running : this.#heard(text, true);
  }

  drop(): void {
    if (this.#running) this.#stop();
    this.#filled = 0;
  }

  #decode(samples: Float32Array): void {
    if (!this.#running) {
      this.#grammar.start();
      this.#loop.start();
      this.#running = true;
      this.#last = '';
    }
    if (samples.length === 0) return;
    this.#grammar.process_audio(samples);
    this.#loop.process_audio(samples);
  }

  #stop(): void {
    this.#grammar.stop();
    this.#loop.stop();
    this.#running = false;
    this.#filled = 0;
  }

  #heard(text: string, whole: boolean): Heard {
    const loop = segments(this.#loop);
    if (loop.length === 0) return { text: '', words: [] };
    const spoken = { from: loop[0]!.from, to: loop.at(-1)!.to };
    const frames = loop.reduce((sum, { from, to }) => sum + to - from, 0) / FRAME;
    const fits = this.#total(this.#grammar) - this.#total(this.#loop) >= -this.#tolerance * frames;
    if (!fits || text === '') return { text: '', words: [], spoken, rejected: true };
    const heard = { text, words: segments(this.#grammar), spoken };
    return whole ? heard : { ...heard, rejected: true };
  }

  /** The engine tells the score of its best path only through a pointer that its own wrapper leaves out. */
  #total(engine: Engine): number {
    const { cdecoder } = engine as unknown as { readonly cdecoder: number };
    const { _decoder_hyp: best } = this.#module as unknown as { _decoder_hyp(decoder: number, score: number): number };
    best(cdecoder, this.#score);
    return this.#module.HEAP32[this.#score >> 2]!;
  }
}

function segments(engine: Engine): HeardWord[] {
  return (engine.get_alignment().w ?? [])
    .filter(({ t }) => isSpeech(t))
    .map(({ t, b, d }) => ({
      text: t.replace(/\(\d+\)$/, ''),
      from: Math.round(b * 100) * FRAME,
      to: Math.round((b + d) * 100) * FRAME,
    }));
}
