import { expect } from 'vitest';
import { all } from '../all.ts';
import type { FaultRow } from '../fault-row.ts';
import { runProgram } from './run-program.ts';

/** Of a process; memory in MB. */
interface Held {
  readonly rss: number;
  readonly descriptors: number;
  readonly threads: number;
}

interface Use {
  readonly program: Held;
  readonly engine: Held;
  /** Of the program's process object. */
  readonly listeners: number;
}

/** Two meet in a room, one is heard, both leave, and a graph runs; tells what the processes use after each quarter. */
const comings = (times: number) => `
import { readdirSync, readFileSync } from 'node:fs';
import { CallClient, Daily, startRoomServer, toMicrophone } from '@sluice/transport';
import { graph } from '@sluice/core';
import { fromTone, gain } from '@sluice/nodes';
const server = await startRoomServer();
Daily.init();
const microphone = Daily.createMicrophoneDevice('mic');
const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'mic' } } };
const ada = new CallClient();
const isEngine = (pid) => {
  try {
    const parent = Number(readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ')[1].split(' ')[1]);
    return parent === process.pid && readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('child-entry');
  } catch {
    return false;
  }
};
const engine = () => readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).find(isEngine);
const of = (pid) => ({
  rss: Number(/VmRSS:\\s+(\\d+)/.exec(readFileSync('/proc/' + pid + '/status', 'utf8'))[1]) / 1024,
  descriptors: readdirSync('/proc/' + pid + '/fd').length,
  threads: readdirSync('/proc/' + pid + '/task').length,
});
const use = async () => {
  for (let times = 0; times < 4; times++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return {
    program: of('self'),
    engine: of(engine()),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
};
const told = [];
for (let time = 1; time <= ${times}; time++) {
  const grace = new CallClient();
  // A room lets in only so many in a while.
  const url = server.roomUrl('doors-' + time);
  await ada.join(url, { clientSettings: { inputs } });
  await grace.join(url);
  await new Promise((resolve) => grace.setAudioRenderer(ada.participants().local.id, resolve));
  await grace.leave();
  await grace.release();
  await ada.leave();
  const bot = graph('bot-' + time);
  bot.from(fromTone({ frequency: 440, sampleRate: 16000, duration: 0.1 })).pipe(gain({ db: -6 })).to({ next: (frame) => frame.close() });
  await bot.run();
  if (time % ${times / 4} === 0) told.push(await use());
}
await ada.release();
await Daily.deinit();
await server.close();
console.log(JSON.stringify(told));
`;

/** What stays of those who come and go. */
export const comingRows: readonly FaultRow[] = [
  {
    id: 'P20',
    fault: '500 calls of two, each with a graph that is built and torn down',
    happens: 'Descriptors, threads and listeners are as many as before; memory stays after the first quarter',
    bound: '+5 MB in the last half',
    timeoutMs: 900_000,
    check: async (measured) => {
      const times = all ? 500 : 24;
      const { status, stdout, stderr } = await runProgram(comings(times), { flags: ['--expose-gc'], limitMs: 900_000 });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const [, before, , after] = JSON.parse(stdout) as [Use, Use, Use, Use];
      measured('times', times, '');
      expect(after.listeners).toBeLessThanOrEqual(before.listeners);
      for (const who of ['program', 'engine'] as const) {
        for (const what of ['descriptors', 'threads'] as const) {
          const more = after[who][what] - before[who][what];
          measured(`${what} of the ${who}`, more, '');
          expect(more, `${what} of the ${who}`).toBeLessThanOrEqual(4);
        }
        const more = after[who].rss - before[who].rss;
        measured(`memory of the ${who}`, more, 'MB');
        expect(more, `memory of the ${who}`).toBeLessThan(all ? 5 : 10);
      }
    },
  },
];
