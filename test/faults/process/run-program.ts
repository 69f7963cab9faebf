import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What came of a program. */
export interface Outcome {
  /** Null for one that was ended by a signal, or had to be killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** Files that it may have open at once, by the shell's `ulimit`. */
  readonly descriptors?: number;
  /** It is killed after so many milliseconds. Default 60,000. */
  readonly limitMs?: number;
}

/** Runs a program of a user, a module on the built packages, to its end. */
export function runProgram(text: string, options: ProgramOptions = {}): Promise<Outcome> {
  const { flags = [], descriptors, limitMs = 60_000 } = options;
  const node = [process.execPath, ...flags, '--input-type=module', '-e', text];
  const [file, ...args] =
    descriptors === undefined ? node : ['/bin/sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', ...node];
  const settings = {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    timeout: limitMs,
    killSignal: 'SIGKILL',
  } as const;
  return new Promise((resolve) => {
    const child = execFile(file!, args, settings, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout: stdout.trim(), stderr }),
    );
  });
}
