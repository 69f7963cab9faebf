// A NATS server for a fleet on this machine: npm run nats [-- --port 4222 --program nats-server]. Ends with Ctrl-C and keeps nothing.
import { parseArgs } from 'node:util';
import { startNats } from '../packages/fleet/dist/testing/index.js';

try {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '4222' }, program: { type: 'string' } } });
  const { port, ...rest } = values;
  const server = await startNats({ port: Number(port), ...rest });
  console.log(server.url);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.close());
  server.process.once('exit', () => void server.close());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
