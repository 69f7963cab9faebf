// What a command is: a name, its flags, and what it gives. Nothing that prints, and no command itself.

import type { ExitCode } from './exit-codes.ts';

/** An option of a command line. */
export interface Flag {
  readonly type: 'boolean' | 'string';
  /** One line of the help, without a full stop. */
  readonly about: string;
  /** What a text is, in the help: `<file>`. */
  readonly value?: string;
  readonly short?: string;
  /** Whether it may be given several times. */
  readonly multiple?: boolean;
  /** Its twin in the environment. Default: `SLUICE_<COMMAND>_<FLAG>`. */
  readonly env?: string;
}

/** By their names, without `--`. */
export type Flags = Readonly<Record<string, Flag>>;

type ValueOf<F extends Flag> = F extends { readonly type: 'boolean' }
  ? boolean
  : F extends { readonly multiple: true }
    ? readonly string[]
    : string | undefined;

/** What was given for flags; a boolean that was not is false. */
export type Values<F extends Flags> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** One thing that is not as it should be. */
export interface Problem {
  /** The code of a sluice error. */
  readonly code?: string;
  readonly message: string;
  /** A command that mends it, or a sentence that says what does. */
  readonly fix?: string;
}

/** How a command went. */
export interface Outcome {
  readonly ok: boolean;
  /** Plain data: what `--json` prints. */
  readonly result: unknown;
  /** The same for people, on standard output; ends with a new line, or is empty. */
  readonly text: string;
  readonly problems?: readonly Problem[];
  /** The command that one would give next. */
  readonly next?: string;
  /** Default: 0, or 1 if it is not ok. */
  readonly exitCode?: ExitCode;
}

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** What a command is called with. */
export interface Call<F extends Flags = Flags> {
  /** What stands between the flags. */
  readonly words: readonly string[];
  /** What stands behind `--`. */
  readonly rest: readonly string[];
  readonly values: Values<F>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the result goes out as JSON. */
  readonly json: boolean;
  /** Whether a person sees standard output as it comes: what was told may be painted over. */
  readonly isTerminal: boolean;
  /** Columns of the terminal, 80 where nobody knows them: no line of a table or of prose is longer. */
  readonly width: number;
  /** Talks to who waits, on standard error; nothing with `--quiet`. */
  readonly say: (line: string) => void;
  /** Waits for work and tells meanwhile how far it is, on standard error; nothing with `--json` and `--quiet`. */
  readonly during: <T>(work: Promise<T>, howFar: () => string) => Promise<T>;
  /** A result that comes before the end, on standard output, for commands that go on; nothing with `--json`. */
  readonly tell: (line: string) => void;
  /** Tells how it went before it ends, for commands that go on; nothing is told of what they return then. */
  readonly begun: (outcome: Outcome) => void;
  readonly paint: (style: Style, text: string) => string;
  /** Aborted by the first Ctrl-C or SIGTERM, and where the terminal is closed. */
  readonly signal: AbortSignal;
}

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What stands behind its name in the help: `<file>`. */
  readonly usage: string;
  /** How many words it takes. */
  readonly words: { readonly least: number; readonly most: number };
  /** What its first word may be, each with what that is; in the help. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Three that can be run as they stand. */
  readonly examples: readonly [string, string, string];
  readonly flags: F;
  /** Whether it looks at the signal itself, since it has something to put in order. Any other is left where it stands. */
  readonly endsInOrder?: boolean;
  readonly run: (call: Call<F>) => Promise<Outcome>;
}

/** Declares a command; its flags say the types of the values it is called with. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  // What parses its arguments reads the same flags: the values fit.
  return command as unknown as Command;
}
