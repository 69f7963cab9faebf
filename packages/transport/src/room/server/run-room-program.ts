import { toError } from '@sluice/core';
import { failWith } from './cli/read-option.ts';
import { noAdditions, type RoomProgramAdditions } from './cli/room-program-additions.ts';
import { serverArguments, serverUsage } from './cli/server-arguments.ts';
import { startRoomServer } from './room-server.ts';

/**
 * Runs a room server as the program it is called in: reads `process.argv` and `process.env`, writes the URL of a room as
 * the first line of standard output, and resolves after Ctrl-C or SIGTERM, when the server is closed and recordings are
 * written. Ends the process with status 2 for wrong options and 1 if it cannot listen.
 */
export async function runRoomProgram(additions: RoomProgramAdditions = noAdditions): Promise<void> {
  const usage = serverUsage(additions);
  const input = { args: process.argv.slice(2), env: process.env };
  try {
    const { help, room, server: options, values } = serverArguments(input, additions);
    if (help) return void process.stdout.write(usage);
    const server = await startRoomServer(await additions.complete(options(), values));
    // First: who reads the address may end it at once.
    const ended = stopped();
    process.stdout.write(`${server.roomUrl(room)}\n`);
    await ended;
    await server.close();
  } catch (error) {
    // It was asked for in a wrong way, or it could not be done.
    if (error instanceof TypeError || error instanceof RangeError) failWith(usage, error);
    process.stderr.write(`${toError(error).message}\n`);
    process.exit(1);
  }
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
