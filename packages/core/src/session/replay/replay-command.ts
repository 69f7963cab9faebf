import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SluiceError, toError } from '../../errors.ts';
import { SessionReader } from '../container/session-reader.ts';
import type { SessionProgram } from '../ends/session-env.ts';
import { type ReplayOptions, type ReplayReport, replaySession } from './replay-session.ts';

/** Where a command writes: results to `out`, what went wrong to `err`. Whole lines. */
export interface CommandOutput {
  /** Takes results: what a pipe is to get. */
  readonly out: (text: string) => void;
  /** Takes what went wrong, and how it is put right. */
  readonly err: (text: string) => void;
  /** Told how far the replay is, as {@link ReplayOptions.onProgress} is. */
  readonly onProgress?: (mediaMs: number) => void;
  /** Told of all that comes in and goes out, as {@link ReplayOptions.onCrossing} is. */
  readonly onCrossing?: NonNullable<ReplayOptions['onCrossing']>;
}

const usage = `usage: npx sluice replay file.sluice [--program path] [--json]

  --program   the module whose default export, or export \`program\`, is (env) => graph; default: what the session names
  --json      everything as one JSON object

Exit code: 0 the same bytes, 1 something differs, 2 it could not be replayed.
`;

/** The command `replay`. Returns its exit code. */
export async function replayCommand(
  args: readonly string[],
  { out, err, ...listeners }: CommandOutput,
): Promise<number> {
  let given: { values: { program?: string; json?: boolean; help?: boolean }; positionals: string[] };
  try {
    const options = {
      program: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    given = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    err(`${toError(error).message}\n\n${usage}`);
    return 2;
  }
  const { values, positionals } = given;
  if (values.help) {
    out(usage);
    return 0;
  }
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    err(file === undefined ? usage : `one session at a time: ${others.join(' ')}\n\n${usage}`);
    return 2;
  }
  try {
    const program = await programOf(file, values.program);
    const report = await replaySession(file, { program, ...listeners });
    out(values.json ? `${JSON.stringify(plain(file, report))}\n` : describe(report));
    return report.differences.length === 0 ? 0 : 1;
  } catch (error) {
    const { code } = error as { code?: unknown };
    const named = typeof code === 'string' ? `${code}: ` : '';
    err(`${named}${toError(error).message}\n`);
    return 2;
  }
}

async function programOf(file: string, given: string | undefined): Promise<SessionProgram> {
  const path = given ?? (await namedProgram(file));
  let module: { readonly default?: unknown; readonly program?: unknown };
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (cause) {
    throw new SluiceError('SLUICE_SESSION_PROGRAM', `${path} cannot be loaded: ${toError(cause).message}`, { cause });
  }
  const program = module.program ?? module.default;
  if (typeof program !== 'function')
    throw new SluiceError('SLUICE_SESSION_PROGRAM', `${path} has no program`, {
      expected: 'a default export, or an export `program`, that is (env) => graph',
      received: program,
    });
  return program as SessionProgram;
}

/** A file that somebody sent names what is run: nothing outside of where one works. */
async function namedProgram(file: string): Promise<string> {
  await using reader = await SessionReader.open(file);
  const { program } = reader.header;
  if (typeof program !== 'string')
    throw new SluiceError('SLUICE_SESSION_PROGRAM', 'the session does not say which program it is of', {
      fix: 'Give it with --program path',
    });
  const path = resolve(dirname(file), program);
  const inside = relative(process.cwd(), path);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new SluiceError('SLUICE_SESSION_PROGRAM', 'the program that the session names is not in the working folder', {
      received: path,
      fix: 'Look at it, and give it with --program path',
    });
  return path;
}

function plain(file: string, { header, differences, ...report }: ReplayReport): object {
  return {
    file,
    graph: header.graph.name,
    ...report,
    differences: differences.map((difference) => {
      const { code, message, record, atMs, node, sample, recorded, replayed } = difference;
      return { code, message, record, atMs, node, sample, recorded, replayed };
    }),
  };
}

function describe({ header, records, outputs, differences, complete, realMs, mediaMs }: ReplayReport): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const [first] = differences;
  const times = realMs > 0 ? ` (${(mediaMs / realMs).toFixed(1)} times real time)` : '';
  const cut = complete || first !== undefined ? '' : ', to where the file was cut';
  return [
    first === undefined ? 'the same' : `differs: ${first.message}`,
    ...(differences.length > 1 ? [`and ${differences.length - 1} more`] : []),
    `${header.graph.name}: ${records} records${cut}, ${seconds(mediaMs)} in ${seconds(realMs)}${times}`,
    ...outputs.map(({ node, frames, hash }) => `${node}: ${frames} frames, sha256 ${hash}`),
    '',
  ].join('\n');
}
