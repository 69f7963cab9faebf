#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { toError } from '@sluice/core';
import { startRoomServer } from './room-server.ts';

const usage = `Starts a room server and tells the URL of a room.

usage: npm run room -- [options]

  --port <number>   where it listens, 0 for any free port (7880)
  --host <address>  the address it listens on (127.0.0.1)
  --insecure        beyond this machine without TLS: everybody on the path can read along and join
  --room <name>     the room whose URL is told (hello); every other name is a room as well
  --open            with an echo bot and a music bot inside; --lan beside it: for the whole network, with a QR code
  -h, --help        tells this

It runs until Ctrl-C.
`;

function parse() {
  const { values } = parseArgs({
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '7880' },
      room: { type: 'string', default: 'hello' },
      insecure: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (!/^\d{1,5}$/.test(values.port)) throw new TypeError(`--port is a number, not ${values.port}`);
  return values;
}

/** 1: it could not be done. 2: it was asked for in a wrong way. */
function fail(error: unknown, status: 1 | 2): never {
  const help = status === 2 ? `\n\n${usage}` : '\n';
  process.stderr.write(`${toError(error).message}${help}`);
  process.exit(status);
}

function orUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return fail(error, 2);
  }
}

const { help, host, port, room, insecure } = orUsage(parse);
if (help) {
  process.stdout.write(usage);
  process.exit(0);
}
const server = await startRoomServer({ host, port: Number(port), insecure }).catch((error) => fail(error, 1));
process.stdout.write(`${orUsage(() => server.roomUrl(room))}\n`);

const stop = () => {
  void server.close().then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
