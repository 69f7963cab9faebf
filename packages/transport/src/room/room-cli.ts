#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startRoomServer } from './room-server.ts';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '7880' },
    room: { type: 'string', default: 'hello' },
    insecure: { type: 'boolean', default: false },
  },
});

const server = await startRoomServer({ host: values.host, port: Number(values.port), insecure: values.insecure });
process.stdout.write(`${server.roomUrl(values.room)}\n`);

const stop = () => {
  void server.close().then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
