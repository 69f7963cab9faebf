// A NATS server for a fleet on this machine: npm run nats [-- --port 4222]. Ends with Ctrl-C and keeps nothing.
import { parseArgs } from 'node:util';
import { startNats } from '../packages/fleet/dist/testing/index.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4222' } } });
const server = await startNats({ port: Number(values.port) });
console.log(server.url);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.close());
