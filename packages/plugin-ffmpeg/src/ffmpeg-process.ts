// The program: how it is started, what it says, how it ends. No frame.

import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ffmpegError } from './errors.ts';

/** Of what ffmpeg says, the end that is kept, in characters. */
const KEPT_WORDS = 2_000;

/** One ffmpeg with a pipe in, a pipe out, or both. What it says is always taken, so that it never waits for that. */
export class FfmpegProcess {
  /** Where it reads and where it writes: the one that was asked for is a pipe. */
  readonly input: Writable | null;
  readonly output: Readable | null;
  /** What it reports of its work by a pipe of its own; null unless asked for. */
  readonly reports: Readable | null;
  /** When it is gone, its pipes too. Never rejects. */
  readonly gone: Promise<void>;
  /** How it ended: `exit code 1`, `SIGKILL`; undefined while it runs, and after an end in order. */
  ending: string | undefined;
  /** Why it could not be started. */
  missing: Error | undefined;
  readonly kill: () => void;
  #words = '';

  constructor(program: string, args: readonly string[], pipe: 'in' | 'out' | 'both', reports = false) {
    // No shell: nothing of a name is anything but a name.
    const child = spawn(program, args, {
      stdio: [
        pipe === 'out' ? 'ignore' : 'pipe',
        pipe === 'in' ? 'ignore' : 'pipe',
        'pipe',
        ...(reports ? (['pipe'] as const) : []),
      ],
      windowsHide: true,
    });
    this.input = child.stdin;
    this.output = child.stdout;
    this.reports = (child.stdio[3] as Readable | undefined) ?? null;
    this.kill = () => void child.kill('SIGKILL');
    child.stderr?.setEncoding('utf8').on('data', (words: string) => {
      this.#words = (this.#words + words).slice(-KEPT_WORDS);
    });
    this.gone = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        if (code !== 0) this.ending = signal ?? `exit code ${code}`;
        resolve();
      });
      // No cause of its own: it repeats all arguments, with URLs as they were given.
      child.once('error', ({ message }) => {
        this.missing = ffmpegError('SLUICE_FFMPEG_MISSING', `${program} cannot be run: ${message}`, {
          fix: 'Install it (apt-get install ffmpeg, brew install ffmpeg), or give the option program',
        });
        resolve();
      });
    });
  }

  /** What it complained of, in one line; empty if of nothing. */
  get complaint(): string {
    const lines = this.#words.trim().split(/\s*\n\s*/);
    return lines.slice(-3).join('; ');
  }
}
