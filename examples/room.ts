// What the examples share: their arguments, a room of their own when none is given, and Ctrl-C.
import { fileURLToPath } from 'node:url';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type CallClient, startRoomServer } from '@sluice/transport';
import { firstValueFrom } from 'rxjs';

export interface Room {
  /** The meeting URL. */
  readonly url: string;
  /** `--seconds`: how long to play or listen. Undefined: to the end of the file, or until Ctrl-C. */
  readonly seconds: number | undefined;
  /** Resolves at Ctrl-C, which ends the process only while nobody asked for this, or after `--seconds`. */
  readonly stopped: Promise<void>;
  /** The file among the arguments. */
  file(fallback: string): string;
  /** Resolves when somebody else is in the room. */
  company(client: CallClient): Promise<void>;
  /** Resolves with the id of somebody else, when there is one. */
  other(client: CallClient): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Reads `[room URL] [file] [--seconds n]`, and lets pass what else the example has for `options`. Tells on standard error
 * what happens: standard output may be audio.
 */
export async function openRoom(options: ParseArgsConfig['options'] = {}): Promise<Room> {
  const config = { options: { ...options, seconds: { type: 'string' } }, allowPositionals: true } as const;
  const { values, positionals } = parseArgs(config);
  const given = positionals.find((argument) => argument.includes('://'));
  const file = positionals.find((argument) => argument !== given);
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  const server = given === undefined ? await startRoomServer() : undefined;
  const url = given ?? server!.roomUrl('hello');
  let stopping: Promise<void> | undefined;
  if (server !== undefined) say(`the room is ${url}`);

  const company = async (client: CallClient) => {
    if (client.participantCounts().present > 1) return;
    say(`waiting for somebody; in another terminal: node scripts/run-example.mjs 04-speaker-to-wav ${url}`);
    await firstValueFrom(client.events$('participant-joined'));
  };

  return {
    url,
    seconds,
    get stopped() {
      stopping ??= stopped(seconds);
      return stopping;
    },
    file: (fallback) => file ?? fallback,
    company,
    async other(client) {
      await company(client);
      return Object.keys(client.participants()).find((id) => id !== 'local')!;
    },
    [Symbol.asyncDispose]: async () => server?.close(),
  };
}

/** The path of a file in examples/assets. */
export function asset(name: string): string {
  return fileURLToPath(new URL(`assets/${name}`, import.meta.url));
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function stopped(seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (seconds !== undefined) setTimeout(resolve, seconds * 1000).unref();
    // The first signal asks; a terminal sends it twice, once to the runner and once through it.
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
}
