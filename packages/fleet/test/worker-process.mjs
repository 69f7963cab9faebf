// A worker in a process of its own: node worker-process.mjs <url> <name>. What its bots say are lines of its output.
import { connectNats, startWorker } from '@sluice/fleet';
import { countingBot } from './counting-bot.mjs';

const [servers, name] = process.argv.slice(2);
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const nats = await connectNats({ servers });
const worker = await startWorker({
  nats,
  name,
  capacity: 10,
  limits: { lagMs: 5000, cpu: 10 },
  factories: { counting: countingBot((said) => print({ ...said, worker: worker.id })) },
});
print({ ready: worker.id });
process.on('message', async (message) => {
  if (message === 'drain') await worker.drain();
  process.send('drained');
});
process.on('disconnect', () => process.exit());
