import { readFile } from 'node:fs/promises';
import { isSluiceError, nearestName, toError } from '@sluice/core';
import { commands } from './commands/commands.ts';
import { wrongUsage } from './errors.ts';
import type { Call, Command, Outcome, Problem, Style } from './terms/command.ts';
import { exitCodeOf, exitCodes } from './terms/exit-codes.ts';
import { columns, helpOf } from './terms/help.ts';
import { type Arguments, readArguments, twinOf } from './terms/read-arguments.ts';
import { type ProgressOutput, withProgress } from './terms/with-progress.ts';

/** Numbers of ANSI sequences. */
const styles: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

/** Where a command line is, and where its words go. */
export interface Terminal {
  /** Results alone. */
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  /** All else that is said. */
  readonly stderr: ProgressOutput;
  /** Where `NO_COLOR` and the like are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C or SIGTERM. */
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
  // Also where the arguments are none, who reads JSON gets JSON.
  let json = args.includes('--json') || isSet(env[twinOf('', 'json')]);
  let quiet = args.includes('--quiet') || isSet(env[twinOf('', 'quiet')]);
  let name = '';
  let hasTold = false;
  try {
    const [asked = '--help', ...given] = args;
    if (asked === '--version' || asked === '-v') return say(`${await ownVersion()}\n`);
    const isHelp = asked === '--help' || asked === '-h' || asked === 'help';
    if (isHelp && given[0] === undefined) return say(await overview());
    const command = await commandOf(isHelp ? given[0]! : asked);
    name = command.name;
    if (isHelp) return say(helpOf(command));
    const read = readArguments(command, given, env);
    if (read.values.help === true) return say(helpOf(command));
    json = read.values.json === true;
    quiet = read.values.quiet === true;
    const begun = (outcome: Outcome) => {
      end(outcome);
      hasTold = true;
    };
    return end(await command.run({ ...callOf(read, terminal), begun }));
  } catch (error) {
    return end(failure(error));
  }

  function say(text: string): number {
    stdout.write(text);
    return exitCodes.ok;
  }

  function end({ ok, result, text, problems = [], next, exitCode }: Outcome): number {
    const code = exitCode ?? (ok ? exitCodes.ok : exitCodes.failed);
    if (hasTold) return code;
    if (json)
      stdout.write(`${JSON.stringify({ ok, command: name, result: result ?? null, problems, next: next ?? null })}\n`);
    else {
      stdout.write(text);
      for (const { code, message, fix } of problems)
        stderr.write(
          `${code === undefined || message.startsWith(code) ? '' : `${code}: `}${message}${fix === undefined ? '' : `\n  ${fix}`}\n`,
        );
      if (next !== undefined && !quiet && terminal.stdout.isTTY === true) stderr.write(`next: ${next}\n`);
    }
    return code;
  }
}

async function commandOf(asked: string): Promise<Command> {
  const load = Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (load !== undefined) return load();
  const near = nearestName(asked, Object.keys(commands));
  throw wrongUsage(
    `there is no command ${asked}${near === undefined ? '' : `; did you mean ${near}?`}`,
    'sluice --help',
  );
}

function callOf({ words, rest, values }: Arguments, { stdout, stderr, env, signal }: Terminal): Omit<Call, 'begun'> {
  const isColored = stdout.isTTY === true && values['no-color'] !== true && values.json !== true;
  return {
    words,
    rest,
    values: values as Call['values'],
    env,
    json: values.json === true,
    isTerminal: stdout.isTTY === true && values.json !== true,
    say: (line) => void (values.quiet === true || stderr.write(`${line}\n`)),
    during: (work, howFar) =>
      values.quiet === true || values.json === true ? work : withProgress(stderr, work, howFar),
    tell: (line) => void (values.json === true || stdout.write(`${line}\n`)),
    paint: (style, text) => (isColored ? `\u001b[${styles[style]}m${text}\u001b[0m` : text),
    signal,
  };
}

function failure(thrown: unknown): Outcome {
  const error = toError(thrown);
  const code = typeof (error as { code?: unknown }).code === 'string' ? (error as { code?: string }).code : undefined;
  // What nobody foresaw is told with the place where it happened.
  const isTold = isSluiceError(error) || code !== undefined;
  const problem: Problem = {
    ...(code === undefined ? {} : { code }),
    message: isTold ? error.message : `${error.stack}`,
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

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return `Sound and pictures that flow through graphs: runs them, looks into them, explains them.

usage: sluice <command> [flags]

${columns(all.map(({ name, usage, summary }) => [`${name} ${usage}`, summary] as const))}
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
