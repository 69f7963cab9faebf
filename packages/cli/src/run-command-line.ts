import { readFile } from 'node:fs/promises';
import { isSluiceError, nearestName, toError } from '@sluice/core';
import { commands } from './commands/commands.ts';
import { wrongUsage } from './errors.ts';
import type { Call, Command, Outcome, Problem, Style } from './terms/command.ts';
import { EndedBy } from './terms/ended-by.ts';
import { exitCodeOf, exitCodes } from './terms/exit-codes.ts';
import { columns, WIDTH } from './terms/fold.ts';
import { helpOf } from './terms/help.ts';
import { type Arguments, readArguments, twinOf } from './terms/read-arguments.ts';
import { toldProblem } from './terms/told-problem.ts';
import { unlessEnded } from './terms/unless-ended.ts';
import { type ProgressOutput, withProgress } from './terms/with-progress.ts';

/** Numbers of ANSI sequences. */
const styles: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

/** Where a command line is, and where its words go. */
export interface Terminal {
  /** Results alone. */
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  /** All else that is said. */
  readonly stderr: ProgressOutput & { readonly columns?: number };
  /** Where `NO_COLOR` and the like are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C or SIGTERM, and where the terminal is closed. */
  readonly signal: AbortSignal;
}

/**
 * Does what the command `sluice` does with these arguments: results on standard output, talk on standard error.
 *
 * @returns the exit code: 0 ok, 1 failed, 2 asked for in a wrong way, 3 something has to be installed, 4 a graph failed,
 * 124 too late
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const { stdout, stderr, env } = terminal;
  const width = stdout.columns ?? WIDTH;
  // Also where the arguments are none, who reads JSON gets JSON.
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  let json = own.includes('--json') || isSet(env[twinOf('', 'json')]);
  let quiet = own.includes('--quiet') || isSet(env[twinOf('', 'quiet')]);
  let name = '';
  let hasTold = false;
  try {
    // Of a command line without a command, flags that all take are no command either.
    const [asked = '--help', ...given] = args[0] === '--json' ? args.slice(1) : args;
    if (asked === '--version' || asked === '-v') return say(`${await ownVersion()}\n`);
    const isHelp = asked === '--help' || asked === '-h' || asked === 'help';
    const about = isHelp ? given.find((word) => word !== '--json') : asked;
    if (about === undefined) return say(await overview(width));
    const command = await commandOf(about);
    name = command.name;
    if (isHelp) return say(helpOf(command, width));
    const read = readArguments(command, given, env);
    if (read.values.help === true) return say(helpOf(command, width));
    json = read.values.json === true;
    quiet = read.values.quiet === true;
    const begun = (outcome: Outcome) => {
      end(outcome);
      hasTold = true;
    };
    const work = command.run({ ...callOf(read, terminal), begun });
    return end(await (command.endsInOrder ? work : unlessEnded(work, terminal.signal)));
  } catch (error) {
    return end(failure(error));
  }

  function say(text: string): number {
    return end({ ok: true, result: text, text });
  }

  function end({ ok, result, text, problems = [], next, exitCode }: Outcome): number {
    const code = exitCode ?? (ok ? exitCodes.ok : exitCodes.failed);
    if (hasTold) return code;
    if (json)
      stdout.write(`${JSON.stringify({ ok, command: name, result: result ?? null, problems, next: next ?? null })}\n`);
    else {
      stdout.write(text);
      for (const problem of problems) stderr.write(toldProblem(problem, stderr.columns ?? WIDTH));
      if (next !== undefined && !quiet && terminal.stdout.isTTY === true) stderr.write(`next: ${next}\n`);
    }
    return code;
  }
}

async function commandOf(asked: string): Promise<Command> {
  const load = Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (load !== undefined) return load();
  if (asked.startsWith('-')) throw wrongUsage(`sluice has no flag ${asked}; a command goes first`, 'sluice --help');
  const near = nearestName(asked, Object.keys(commands));
  throw wrongUsage(
    `there is no command ${asked || '""'}${near === undefined ? '' : `; did you mean ${near}?`}`,
    'sluice --help',
  );
}

function callOf({ words, rest, values }: Arguments, { stdout, stderr, env, signal }: Terminal): Omit<Call, 'begun'> {
  // A dumb terminal shows what it cannot obey.
  const isObeyed = env.TERM !== 'dumb';
  const isTerminal = stdout.isTTY === true && isObeyed && values.json !== true;
  const isColored = isTerminal && values['no-color'] !== true;
  const progress: ProgressOutput = {
    write: (text) => stderr.write(text),
    isTTY: stderr.isTTY === true && isObeyed,
  };
  return {
    words,
    rest,
    values: values as Call['values'],
    env,
    json: values.json === true,
    isTerminal,
    width: stdout.columns ?? WIDTH,
    say: (line) => void (values.quiet === true || stderr.write(`${line}\n`)),
    during: (work, howFar) =>
      values.quiet === true || values.json === true ? work : withProgress(progress, work, howFar),
    tell: (line) => void (values.json === true || stdout.write(`${line}\n`)),
    paint: (style, text) => (isColored ? `\u001b[${styles[style]}m${text}\u001b[0m` : text),
    signal,
  };
}

function failure(thrown: unknown): Outcome {
  const error = toError(thrown);
  const code = typeof (error as { code?: unknown }).code === 'string' ? (error as { code?: string }).code : undefined;
  // What nobody foresaw is told with the place where it happened.
  const isTold = isSluiceError(error) || code !== undefined || error instanceof EndedBy;
  const problem: Problem = {
    ...(code === undefined ? {} : { code }),
    message: isTold ? error.message : `${error.stack}`,
    ...(isSluiceError(error) && error.fix !== undefined ? { fix: error.fix } : {}),
  };
  const isOurs = code?.startsWith('SLUICE_') === true && code !== 'SLUICE_CLI_USAGE';
  return {
    ok: false,
    result: null,
    text: '',
    problems: [problem],
    ...(isOurs ? { next: `sluice explain ${code}` } : {}),
    exitCode: exitCodeOf(error),
  };
}

async function overview(width: number): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return `Runs graphs of sound and pictures, looks into them and explains them.

usage: sluice <command> [flags]

${columns(
  all.map(({ name, summary }) => [name, summary] as const),
  width,
)}
  sluice <command> --help   flags and examples
  sluice docs concepts      what this is about
  sluice explain <CODE>     what an error means
`;
}

async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '' && text !== '0' && text !== 'false';
}
