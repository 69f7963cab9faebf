#!/usr/bin/env node
import { toError } from '@sluice/core';
import { failWith } from './cli/read-option.ts';
import { serverArguments, serverUsage as usage } from './cli/server-arguments.ts';
import { startRoomServer } from './room-server.ts';

function orUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return failWith(usage, error);
  }
}

const {
  help,
  room,
  server: options,
} = orUsage(() => serverArguments({ args: process.argv.slice(2), env: process.env }));
if (help) {
  process.stdout.write(usage);
  process.exit(0);
}
const server = await startRoomServer(orUsage(options)).catch((error: unknown) => {
  // It was asked for in a wrong way, or it could not be done.
  if (error instanceof TypeError || error instanceof RangeError) return failWith(usage, error);
  process.stderr.write(`${toError(error).message}\n`);
  process.exit(1);
});
process.stdout.write(`${orUsage(() => server.roomUrl(room))}\n`);

const stop = () => {
  void server.close().then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
