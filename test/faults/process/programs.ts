import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { all } from '../all.ts';
import type { FaultRow } from '../fault-row.ts';
import { withTwoCallers } from './caller.ts';
import { runProgram } from './run-program.ts';

/** Twenty bots on devices in memory: tones, converters, microphones, a minute of them. */
const twentyBots = `
import { graph } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fromTone, gain, resample } from '@sluice/nodes';
import { toMicrophone } from '@sluice/transport';
import { virtualDevices } from '@sluice/transport/testing';
const clock = new VirtualClock();
const devices = virtualDevices({ clock, keep: false });
const bots = Array.from({ length: 20 }, (_, index) => {
  const bot = graph('bot-' + index, { clock });
  bot.from(fromTone({ frequency: 440, sampleRate: 48000, duration: 60 }))
    .pipe(resample({ sampleRate: 16000 }), gain({ db: -6 }), resample({ sampleRate: 48000 }))
    .to(toMicrophone(devices.createMicrophoneDevice('mic-' + index, { sampleRate: 48000 })));
  return bot.run();
});
await clock.run({ until: Promise.all(bots) });
await devices.close();
console.log(Math.round(process.memoryUsage().heapUsed / 2 ** 20));
`;

/** A call, then \`process.exit\` in the midst of it; \`release\` and \`Daily.deinit\` are forgotten. */
const exits = (mediaHost: string) => `
import { CallClient, Daily, startRoomServer } from '@sluice/transport';
const server = await startRoomServer();
Daily.init({ mediaHost: '${mediaHost}' });
const microphone = Daily.createMicrophoneDevice('mic', { nonBlocking: true });
const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'mic' } } };
const ada = new CallClient();
const grace = new CallClient();
await ada.join(server.roomUrl('exits'), { clientSettings: { inputs } });
await grace.join(server.roomUrl('exits'));
grace.setAudioRenderer(ada.participants().local.id, () => {});
microphone.writeFrames(new Int16Array(16000), () => {});
setTimeout(() => process.exit(0), 100);
`;

/** Programs as their users run them. */
export const programRows: readonly FaultRow[] = [
  {
    id: 'P10',
    fault: 'Four busy processes on the cores of a call',
    happens:
      'The call goes on. Where the event loop is late, `cpu-load-updated` says so, and pictures give way: five a second of each track, the others are counted',
    bound: '95 % of the frames are heard; told when a fifth of the timers of 5 s is 60 ms late',
    heldBy: [
      {
        file: 'packages/transport/src/devices/load-watch.test.ts',
        test: 'is high when a fifth of the timers is 60 ms late',
      },
    ],
    long: true,
    realTime: true,
    check: async (measured) => {
      const hogs = Array.from({ length: 4 }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
      try {
        await withTwoCallers(async ({ hearer }) => {
          await wait(10_000);
          const { arrivals, gaps } = await hearer.heard();
          const lost = gaps.reduce((sum, { frames }) => sum + frames, 0);
          const share = (100 * arrivals.length) / (arrivals.length + lost);
          measured('heard', share, '%');
          expect(share).toBeGreaterThan(95);
        });
      } finally {
        for (const hog of hogs) hog.kill('SIGKILL');
      }
    },
  },
  {
    id: 'P12',
    fault: 'A heap of 64 MB and twenty bots with sound',
    happens: 'They run',
    bound: '64 MB',
    check: async (measured) => {
      const { status, stdout, stderr } = await runProgram(twentyBots, { flags: ['--max-old-space-size=64'] });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      measured('heap at the end', Number(stdout), 'MB');
    },
  },
  {
    id: 'P16',
    fault: 'SIGTERM or SIGINT, once or twice',
    happens:
      'The room server tells everybody, ends recordings whole and exits; a second signal ends it at once, as Node does. `sluice run` ends its graph in order at the first Ctrl-C and at once at the second, with status 130; `sluice room` ends its server. A program of yours that is started otherwise decides itself: `Daily.deinit()` leaves its calls',
    bound: '10 s',
    heldBy: [
      {
        file: 'packages/transport/src/room/server/room-server.integration.test.ts',
        test: 'npm run room prints the URL and ends on SIGTERM',
      },
      {
        file: 'packages/recorder/test/room-program.test.ts',
        test: 'lets anybody on this machine record, and writes a recording that runs when it is told to end',
      },
      {
        file: 'packages/transport/test/programs.test.ts',
        test: 'leaves the calls that clients are still in, and the program ends',
      },
      { file: 'packages/cli/test/binary.test.ts', test: 'ends a graph in order at Ctrl-C, with 130' },
      { file: 'packages/cli/test/binary.test.ts', test: 'ends at once at the second Ctrl-C' },
      { file: 'packages/cli/test/binary.test.ts', test: 'runs a room server that tells where it is, until Ctrl-C' },
    ],
  },
  {
    id: 'P19',
    fault: 'A program exits in a call, without `release()`, 100 times',
    happens: 'It ends with its status, without a word and without a crash, whichever process the engine runs in',
    bound: 'status 0',
    timeoutMs: 600_000,
    check: async (measured) => {
      const runs = all ? 100 : 4;
      for (let run = 0; run < runs; run += 2) {
        const pair = ['child', 'in-process'].map((mediaHost) => runProgram(exits(mediaHost)));
        for (const outcome of await Promise.all(pair)) expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
      }
      measured('exits', runs, '');
    },
  },
];
