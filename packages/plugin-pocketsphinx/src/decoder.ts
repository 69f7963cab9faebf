import { existsSync } from 'node:fs';
import type { Heard, HeardWord, RecognizerDecoder } from '@sluice/core/voice';
import { INSTALL, type Installed, modelFiles } from './installed.ts';
import { type Library, loadLibrary } from './library.ts';

/** Samples at a time, whatever comes in, so that the size of the pieces changes nothing. */
const PIECE = 1_600;
/** Samples of what the library calls a frame. */
const FRAME = 160;

export interface SetUp extends Installed {
  readonly grammar: string;
}

/** One decoder of the library, made at the first set-up. */
export class Decoder implements RecognizerDecoder<SetUp> {
  #library: Library | undefined;
  #decoder: unknown;
  #freeSpeech = '';
  readonly #piece = new Int16Array(PIECE);
  #filled = 0;
  #running = false;
  #last = '';

  use(setUp: SetUp): void {
    if (this.#library === undefined) this.#start(setUp);
    const library = this.#library!;
    const { grammar } = setUp;
    if (grammar === '') {
      library.setSearch(this.#decoder, this.#freeSpeech);
      return;
    }
    if (library.setGrammar(this.#decoder, 'grammar', grammar) < 0 || library.setSearch(this.#decoder, 'grammar') < 0)
      throw new Error(`its grammar cannot be used: ${this.#faultOf(grammar)}`);
  }

  read(samples: Int16Array, tell: (heard: Heard) => void): void {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + PIECE - this.#filled);
      this.#piece.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < PIECE) continue;
      this.#decode();
      const text = this.#library!.hyp(this.#decoder, null) ?? '';
      if (text === this.#last) continue;
      this.#last = text;
      tell({ text, words: this.#words() });
    }
  }

  /** A sentence of a grammar that was broken off keeps the words that were running. */
  end(): Heard {
    this.#decode();
    const running = { text: this.#library!.hyp(this.#decoder, null) ?? '', words: this.#words() };
    this.#stop();
    const text: string = this.#library!.hyp(this.#decoder, null) ?? '';
    const words = text === '' ? running.words : this.#words();
    const spoken = words.length === 0 ? {} : { spoken: { from: words[0]!.from, to: words.at(-1)!.to } };
    if (text !== '') return { text, words, ...spoken };
    return { ...running, ...spoken, ...(running.text !== '' && { rejected: true }) };
  }

  drop(): void {
    if (this.#running) this.#stop();
    this.#filled = 0;
  }

  close(): void {
    if (this.#decoder !== undefined) this.#library!.free(this.#decoder);
  }

  #start({ model, libraries }: SetUp): void {
    const library = loadLibrary(libraries);
    const files = modelFiles(model);
    for (const path of Object.values(files)) if (!existsSync(path)) throw new Error(`there is no ${path}. ${INSTALL}`);
    // Without `-remove_silence no` the times of all words move once speech goes on after a pause.
    const args = ['sluice', ...Object.entries(files).flatMap(([name, path]) => [`-${name}`, path])];
    args.push('-samprate', '16000', '-remove_silence', 'no');
    const config = library.parse(null, library.args(), args.length, args, 1);
    // A configuration or a file that is none gives nothing, and no reason.
    const decoder = config === null ? null : library.init(config);
    if (config !== null) library.freeConfig(config);
    if (decoder === null) throw new Error(`it takes ${model} for no model. ${INSTALL}`);
    this.#library = library;
    this.#decoder = decoder;
    this.#freeSpeech = library.search(decoder);
  }

  #decode(): void {
    const library = this.#library!;
    if (!this.#running) {
      library.startStream(this.#decoder);
      library.startUtt(this.#decoder);
      this.#running = true;
      this.#last = '';
    }
    library.process(this.#decoder, this.#piece, this.#filled, 0, 0);
    this.#filled = 0;
  }

  #stop(): void {
    this.#library!.endUtt(this.#decoder);
    this.#running = false;
    this.#filled = 0;
  }

  #words(): HeardWord[] {
    const library = this.#library!;
    const words: HeardWord[] = [];
    const [first, last] = [[0], [0]] as [[number], [number]];
    for (let word = library.firstWord(this.#decoder); word !== null; word = library.nextWord(word)) {
      const text: string = library.wordText(word);
      library.wordFrames(word, first, last);
      if (/^[<[(+]/.test(text)) continue;
      words.push({ text: text.replace(/\(\d+\)$/, ''), from: first[0] * FRAME, to: (last[0] + 1) * FRAME });
    }
    return words;
  }

  /** The library only says no. */
  #faultOf(grammar: string): string {
    const plain = grammar.replace(/^\s*#JSGF[^;]*;|\bgrammar\s[^;]*;|<[^<>]*>|\{[^{}]*\}|\/[\d.]+\/|\bpublic\b/g, ' ');
    const words = new Set(plain.match(/[^\s|()[\]*+;=]+/g) ?? []);
    const unknown = [...words].filter((word) => this.#library!.lookUp(this.#decoder, word) === null);
    if (unknown.length === 0) return 'it is not JSGF';
    return `its dictionary lacks ${unknown.join(', ')}`;
  }
}
