// A worker: it offers bots that read a file aloud, again and again, and knows where the one before was cut off.
import { graph } from '@sluice/core';
import { type BotContext, connectNats, startWorker } from '@sluice/fleet';
import { fromWavFile } from '@sluice/nodes';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';
import { asset } from '../room.ts';

const [servers = 'nats://127.0.0.1:4222', name = 'worker'] = process.argv.slice(2);
Daily.init({ mediaHost: 'in-process' });
const nats = await connectNats({ servers });
// Bots of this size are cheap: what decides here is how many a worker takes.
const limits = { lagMs: 2000, cpu: 8 };
const worker = await startWorker({ nats, name, capacity: 16, limits, factories: { speaker } });
process.send?.(worker.id);
process.once('disconnect', () => process.exit());

async function speaker({ job, input, lease, moves, kept, keep, log }: BotContext<{ readonly room: string }>) {
  const deviceId = `${job}-${lease.revision}`;
  const microphone = Daily.createMicrophoneDevice(deviceId, { sampleRate: 48_000 });
  const client = new CallClient();
  // It stands by in the room, and the one before goes when `run()` begins.
  await client.join(input.room, {
    lease,
    userName: job,
    clientSettings: { inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId } } } },
  });
  const bot = graph(job);
  bot.from(fromWavFile(asset('greeting.wav'), { loop: true })).to(toMicrophone(microphone));
  let counting: NodeJS.Timeout | undefined;
  return {
    run: async () => {
      let seconds = (await kept<number>()) ?? 0;
      log(`goes on after ${seconds} s, with its worker number ${moves + 1}`);
      counting = setInterval(() => {
        seconds += 0.25;
        keep(seconds);
      }, 250);
      await bot.run();
    },
    stop: async () => {
      clearInterval(counting);
      bot.abort();
      await client.release();
    },
  };
}
