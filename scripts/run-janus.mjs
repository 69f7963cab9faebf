// A Janus server for rooms that stay: npm run janus [-- --port 8188]. Prints a meeting URL as its first line.
import { parseArgs } from 'node:util';
import { startJanus } from '../packages/transport/dist/testing/index.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8188' } } });
const janus = await startJanus({ port: Number(values.port) });
process.stdout.write(`${janus.roomUrl('hello')}\n`);
process.stderr.write(`Janus ${janus.pid} runs on loopback, its configuration is ${janus.folder}; Ctrl-C ends it\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void janus.close());
await janus.exited;
