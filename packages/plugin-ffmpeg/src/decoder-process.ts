import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ActorContext } from '@sluice/core';
import { ffmpegError } from './errors.ts';

/** Of what ffmpeg says, the end that is kept, in characters. */
const KEPT_WORDS = 2_000;

/** One ffmpeg that decodes. It is held back by its pipe while nobody reads, and killed when nobody wants more. */
export class DecoderProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #gone: Promise<void>;
  readonly #name: string;
  #failure: Error | undefined;
  #words = '';

  constructor(program: string, args: readonly string[], name: string) {
    this.#name = name;
    // No shell: nothing of a name is anything but a name.
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    this.#chunks = this.#child.stdout[Symbol.asyncIterator]();
    this.#child.stderr.setEncoding('utf8').on('data', (words: string) => {
      this.#words = (this.#words + words).slice(-KEPT_WORDS);
    });
    this.#gone = new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.once('error', (cause) => {
        this.#failure = ffmpegError('SLUICE_FFMPEG_MISSING', `${program} cannot be run: ${cause.message}`, {
          fix: 'Install it (apt-get install ffmpeg, brew install ffmpeg), or give the option program',
          cause,
        });
        resolve();
      });
    });
  }

  /** What ffmpeg complained of, in one line; empty if of nothing. */
  get #complaint(): string {
    return this.#words
      .trim()
      .split(/\s*\n\s*/)
      .slice(-3)
      .join('; ');
  }

  /** The next bytes; undefined at the end. Rejects if ffmpeg failed. */
  async next(): Promise<Buffer | undefined> {
    const { value, done } = await this.#chunks.next();
    if (!done) return value;
    await this.#gone;
    if (this.#failure !== undefined) throw this.#failure;
    const { exitCode, signalCode } = this.#child;
    if (exitCode === 0) return undefined;
    throw ffmpegError('SLUICE_FFMPEG_FAILED', `ffmpeg does not read ${this.#name}: ${this.#complaint || 'it died'}`, {
      expected: 'media that ffmpeg decodes',
      received: signalCode ?? `exit code ${exitCode}`,
      fix: 'Look with ffprobe whether it is whole and has sound',
    });
  }

  /** Reports what ffmpeg complained of, at the end. */
  reportComplaint(context: ActorContext): void {
    if (this.#complaint === '') return;
    const what = `ffmpeg read ${this.#name} to its end, and says: ${this.#complaint}`;
    context.report(ffmpegError('SLUICE_FFMPEG_DAMAGED', what));
  }

  /** Kills it, and waits until it is gone. */
  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#child.stdout.destroy();
    await this.#gone;
  }
}
