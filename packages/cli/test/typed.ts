import { runCommandLine } from '../src/run-command-line.ts';

/** What a command line answers, in this process. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Gives a command line, in a terminal in which every sentence is one line, unless it has `columns`. */
export async function typed(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  isTTY = false,
  signal = new AbortController().signal,
  columns: number | undefined = Number.POSITIVE_INFINITY,
): Promise<Answer> {
  let out = '';
  let err = '';
  const code = await runCommandLine(args, {
    stdout: { write: (text) => (out += text), isTTY, ...(columns && { columns }) },
    stderr: { write: (text) => (err += text), isTTY, ...(columns && { columns }) },
    env,
    signal,
  });
  return { code, out, err };
}

/** Gives a command line with `--json`; what it prints is one object of the form that stands everywhere. */
export async function typedJson(args: readonly string[], signal?: AbortSignal) {
  const { code, out, err } = await typed([...args, '--json'], {}, false, signal);
  const told = JSON.parse(out) as {
    readonly ok: boolean;
    readonly command: string;
    // Each test knows the shape of what it asked for.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    readonly result: any;
    readonly problems: readonly { readonly code?: string; readonly message: string }[];
    readonly next: string | null;
  };
  return { code, err, ...told };
}
