import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';
import { runProgram } from './run-program.ts';

const brokenFiles = 'packages/nodes/src/sinks/broken-files.test.ts';

/** Takes every descriptor while a graph runs, then adds a branch that records. */
const withoutDescriptors = (path: string) => `
import { openSync } from 'node:fs';
import { graph } from '@sluice/core';
import { fromTone, toFrames, toWavFile } from '@sluice/nodes';
const bot = graph('bot');
const flow = bot.from(fromTone({ frequency: 440, sampleRate: 16000, duration: 1, live: true }));
const heard = toFrames();
flow.to(heard);
await bot.start();
try { for (;;) openSync('/dev/null'); } catch {}
await bot.change((edit) => edit.follow(flow).to(toWavFile(${JSON.stringify(path)})))
  .catch((error) => console.log(error.code, error.cause.code, error.message.includes(${JSON.stringify(path)})));
await bot.finished;
console.log((await heard.finished).length);
`;

/** Records a live tone of three seconds while the wall clock jumps ahead and back. */
const withJumps = (path: string) => `
import { graph } from '@sluice/core';
import { findGaps } from '@sluice/core/testing';
import { fromTone, tap, toWavFile } from '@sluice/nodes';
const wallClock = Date.now;
const jump = (ms) => { Date.now = () => wallClock() + ms; };
setTimeout(jump, 700, 3_600_000);
setTimeout(jump, 1_400, -7_200_000);
const ticks = [];
const bot = graph('bot');
const recorder = toWavFile(${JSON.stringify(path)});
bot.from(fromTone({ frequency: 440, sampleRate: 16000, duration: 3, live: true }))
  .pipe(tap(() => ticks.push(performance.now()))).to(recorder);
const begun = performance.now();
await bot.run();
const { samples } = await recorder.finished;
const late = ticks.map((at, index) => Math.abs(at - ticks[0] - index * 20)).sort((a, b) => a - b);
console.log(JSON.stringify({ samples, tookMs: performance.now() - begun, frames: ticks.length, lateMs: late.at(-1) }));
`;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-faults-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the machine refuses or does to a process. */
export const machineRows: readonly FaultRow[] = [
  {
    id: 'P13',
    fault: 'The kernel kills a recording program',
    happens: 'What was recorded can be read. Starting it anew is for what runs it, a supervisor',
    bound: 'all but the last second',
    heldBy: [
      {
        file: 'packages/nodes/src/sinks/to-wav-file.integration.test.ts',
        test: 'leaves a readable file with all but the last second when the process is killed',
      },
      { file: 'packages/nodes/src/sinks/to-wav-file.test.ts', test: 'is whole after each second, while it is written' },
    ],
  },
  {
    id: 'P14',
    fault: 'No descriptors left, a full disk',
    happens:
      'The recorder fails alone, with the path and the cause; the call and the other branches go on. A WAV file holds what the disk took',
    bound: '0 frames of the others',
    heldBy: [
      { file: brokenFiles, test: 'leaves a WAV file whose header counts all that fitted, %i bytes of a write' },
      {
        file: 'packages/recorder/test/room-recorder.test.ts',
        test: 'ends with an error when the disk takes no more, and the call goes on',
      },
    ],
    check: (measured) =>
      inFolder(async (folder) => {
        const program = withoutDescriptors(join(folder, 'record.wav'));
        const { status, stdout, stderr } = await runProgram(program, { descriptors: 1_024 });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(stdout.split('\n').toSorted()).toEqual(['50', 'SLUICE_FILE_WRITE EMFILE true']);
        measured('frames of the others', 50, 'of 50');
      }),
  },
  {
    id: 'P15',
    fault: 'The wall clock jumps an hour ahead and two back',
    happens:
      'Media keeps its pace and a recording its length: they know the monotonic clock alone. Tokens follow the wall clock',
    bound: '0 samples; tokens +-5 s',
    heldBy: {
      file: 'packages/transport/src/room/server/tokens/meeting-tokens.test.ts',
      test: 'up to five seconds off, as clocks are',
    },
    check: (measured) =>
      inFolder(async (folder) => {
        const { status, stdout, stderr } = await runProgram(withJumps(join(folder, 'record.wav')));
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        const told = JSON.parse(stdout) as { samples: number; tookMs: number; frames: number; lateMs: number };
        measured('latest frame', told.lateMs, 'ms');
        expect(told).toMatchObject({ samples: 48_000, frames: 150 });
        expect(told.tookMs).toBeGreaterThan(2_900);
      }),
  },
];
