// The program: how it is started, what it says, how it ends. No frame.

import { type ChildProcess, spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { ffmpegError } from '../errors.ts';
import { withoutSecrets } from './media-input.ts';

/** Lines of what ffmpeg says that are kept, and of each the end, in characters. */
const KEPT_LINES = 3;
const KEPT_WORDS = 600;
/** A line that is longer is not kept: where it is cut a part of an address could be left. */
const LONGEST_LINE = 100_000;

/** Those that run: one that waits for somebody at a port would outlive this process. */
const running = new Set<ChildProcess>();

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** One ffmpeg with a pipe in, a pipe out, or both. What it says is always taken, so that it never waits for that. */
export class FfmpegProcess {
  /** Where it reads and where it writes: the one that was asked for is a pipe, ended where ffmpeg could not be started. */
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
  readonly #lines: string[] = [];
  #line = '';

  /** @param waitsAtPort whether it may wait for somebody without a bound, so that it has to hear the Ctrl-C of a terminal itself */
  constructor(
    program: string,
    args: readonly string[],
    pipe: 'in' | 'out' | 'both',
    { reports = false, waitsAtPort = false } = {},
  ) {
    // No shell: nothing of a name is anything but a name.
    const child = spawn(program, args, {
      stdio: [
        pipe === 'out' ? 'ignore' : 'pipe',
        pipe === 'in' ? 'ignore' : 'pipe',
        'pipe',
        ...(reports ? (['pipe'] as const) : []),
      ],
      windowsHide: true,
      // A terminal sends its Ctrl-C to a whole group: a file would end before the graph that still writes into it.
      detached: !waitsAtPort && process.platform !== 'win32',
    });
    this.gone = this.#watch(child, program);
    // Without a file descriptor to spare a process has no pipes at all.
    this.input = pipe === 'out' ? null : (child.stdin ?? new Writable().destroy());
    this.output = pipe === 'in' ? null : (child.stdout ?? Readable.from([]));
    this.reports = reports ? ((child.stdio?.[3] as Readable | undefined) ?? Readable.from([])) : null;
    this.kill = () => void child.kill('SIGKILL');
    child.stderr?.setEncoding('utf8').on('data', (words: string) => this.#take(words));
  }

  /** What it complained of, in one line, with scheme and host alone of each address; empty if of nothing. */
  get complaint(): string {
    return [...this.#lines, this.#line]
      .map((line) => withoutSecrets(line.trim()).slice(-KEPT_WORDS))
      .filter((line) => line !== '')
      .slice(-KEPT_LINES)
      .join('; ');
  }

  #watch(child: ChildProcess, program: string): Promise<void> {
    if (running.size === 0) process.on('exit', killAll);
    running.add(child);
    return new Promise((resolve) => {
      const end = () => {
        running.delete(child);
        if (running.size === 0) process.off('exit', killAll);
        resolve();
      };
      child.once('close', (code, signal) => {
        if (code !== 0) this.ending = signal ?? `exit code ${code}`;
        end();
      });
      // No cause of its own: it repeats all arguments, with URLs as they were given.
      child.once('error', ({ message }) => {
        this.missing = ffmpegError('SLUICE_FFMPEG_MISSING', `${program} cannot be run: ${message}`, {
          fix: 'Install it (apt-get install ffmpeg, brew install ffmpeg), or give the option program',
        });
        end();
      });
    });
  }

  #take(words: string): void {
    const lines = (this.#line + words).split('\n');
    this.#line = lines.pop()!;
    if (this.#line.length > LONGEST_LINE) this.#line = '';
    this.#lines.push(...lines.filter((line) => line.trim() !== ''));
    this.#lines.splice(0, this.#lines.length - KEPT_LINES);
  }
}
