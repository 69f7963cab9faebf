// A Janus server for rooms that stay: npm run janus [-- --port 8188 --program /usr/bin/janus]. Prints a meeting URL as its first line.
import { parseArgs } from 'node:util';
import { startJanus } from '../packages/transport/dist/testing/index.js';

let isAsked = false;
try {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8188' }, program: { type: 'string' } } });
  const { port, ...program } = values;
  const starting = startJanus({ port: Number(port), ...program });
  // Before it listens too: nobody else would end it, and remove its folder.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      isAsked = true;
      void starting.then((janus) => janus.close());
    });
  const janus = await starting;
  process.stdout.write(`${janus.roomUrl('hello')}\n`);
  process.stderr.write(`Janus ${janus.pid} runs on loopback, its configuration is ${janus.folder}; Ctrl-C ends it\n`);
  await janus.exited;
  if (!isAsked) throw new Error(`Janus ended by itself: ${janus.log().trim().slice(-600)}`);
} catch (error) {
  // Who starts a program reads what is missing, not where it was noticed.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
