import { graph, realClock, sleep, syncGroup } from '@sluice/core';
import { fromSyncBeeps, fromTestPattern, readTestPattern } from '@sluice/nodes';
import { CallClient, Daily, startRoomServer, toCamera, toMicrophone } from '@sluice/transport';
import { impair, type PathConditions, SkewMeter } from '@sluice/transport/testing';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';

const size = { width: 320, height: 180, frameRate: 30 };
/** Seconds on each path, and those at its start that do not count: jitter buffers learn it. */
const [STRETCH_S, LEARNING_S] = [20, 8];
const paths: Readonly<Record<string, PathConditions>> = {
  'a calm path': {},
  '30 ms of jitter': { jitterMs: 30 },
  '80 ms of jitter': { jitterMs: 80 },
  '2 % of loss': { loss: 0.02 },
};

/** How much later pictures came than their sound on each path, in milliseconds, rising; negative if earlier. */
async function skewsOnPaths(): Promise<Map<string, readonly number[]>> {
  Daily.init();
  await using server = await startRoomServer();
  try {
    await using ada = new CallClient();
    await using grace = new CallClient();
    using path = await impair(ada, { seed: 5 });
    const microphone = Daily.createMicrophoneDevice('microphone', { sampleRate: 48_000 });
    const camera = Daily.createCameraDevice('camera', size);
    const inputs = {
      microphone: { isEnabled: true, settings: { deviceId: 'microphone' } },
      camera: { isEnabled: true, settings: { deviceId: 'camera' } },
    };
    await ada.join(server.roomUrl('lips'), { clientSettings: { inputs } });
    const meter = new SkewMeter();
    meter.watch(grace, ada.participants().local.id, readTestPattern);
    await grace.join(server.roomUrl('lips'));

    const duration = Object.keys(paths).length * STRETCH_S;
    const lips = syncGroup();
    const bot = graph('lips');
    bot.from(fromSyncBeeps({ duration })).to(lips.master(toMicrophone(microphone)));
    bot.from(fromTestPattern({ ...size, duration })).to(lips.follow(toCamera(camera)));
    const shown = bot.run();
    for (const conditions of Object.values(paths)) {
      path.set(conditions);
      await sleep(realClock, STRETCH_S * 1_000);
    }
    await shown;
    return new Map(
      Object.keys(paths).map((name, index) => {
        const { pictures } = meter.report(index * STRETCH_S + LEARNING_S, (index + 1) * STRETCH_S);
        return [name, [...pictures].sort((a, b) => a - b)];
      }),
    );
  } finally {
    await Daily.deinit();
  }
}

export const lipRows: readonly FaultRow[] = [
  {
    id: 'M15',
    fault: 'Lips and voice over a call, a stall and an interruption; over jitter and loss',
    happens:
      'A flash is seen when its beep is heard. Over bad networks the two jitter buffers of the engine decide, which it keeps in step for tracks of one stream, as camera and microphone are: to some 30 ms over little jitter, and half of what a jitter of 80 ms makes of the sound is left',
    bound: '+40 / -60 ms, 98 of 100 pictures',
    heldBy: [
      { file: 'test/lips-in-a-call.test.ts', test: 'a flash is seen when its beep is heard on the far side' },
      {
        file: 'packages/transport/src/graph/lip-sync.test.ts',
        test: 'stand still together for 200 ms in which no audio comes, and meet again',
      },
      { file: 'packages/transport/src/graph/lip-sync.test.ts', test: 'begin together again after an interruption' },
    ],
    long: true,
    realTime: true,
    timeoutMs: 150_000,
    check: async (measured) => {
      for (const [name, skews] of await skewsOnPaths()) {
        expect(skews.length).toBeGreaterThan(100);
        const at = (share: number) => skews[Math.floor(share * (skews.length - 1))]!;
        const [early, middle, late] = [at(0.01), at(0.5), at(0.99)];
        measured(`${name}: median`, middle, 'ms');
        measured(`${name}: 98 of 100 from`, early, 'ms');
        measured(`${name}: to`, late, 'ms');
        expect(early).toBeGreaterThan(-60);
        expect(late).toBeLessThan(40);
      }
    },
  },
];
