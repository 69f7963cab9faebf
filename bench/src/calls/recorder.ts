import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock, sleep } from '@sluice/core';
import type { RecordingManifest } from '@sluice/recorder';
import { startRoomServer } from '@sluice/transport';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds } from '../measuring/cpu-rounds.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench } from '../measuring/report.ts';
import type { Rounds } from '../measuring/rounds.ts';

const SPEAKERS = 4;
const SEEN = 2;
const listening = 'a client that only counts';

interface Cost {
  /** Percent of a core. */
  readonly cpu: Rounds;
  readonly memoryMb: number;
}

/** What recording a room costs: four who speak, two of them seen in 360p at 15/s, beside receiving them and no more. */
export const recorder: Bench = {
  name: 'recorder',
  async run(report, { quick, note }) {
    if (!canMeasureTrees()) return note('no /proc here: no rows');
    const seconds = quick ? 5 : 30;
    await using server = await startRoomServer({ tokens: () => ({}) });
    await using people = new ChildProgram('people');
    const url = server.roomUrl('bench');
    await people.call('enter', url, SPEAKERS, SEEN);
    const theirs = await cost(seconds, async (program) => {
      await program.call('count', url);
      return async () => {
        const least = (SPEAKERS * 50 + SEEN * 15) * seconds * 0.9;
        if ((await program.call<number>('counted')) < least) throw new Error('media did not arrive');
      };
    });
    const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    const ours = await cost(seconds, async (program) => {
      await program.call('record', url, folder);
      return async () => check(await program.call<RecordingManifest>('stop'), seconds);
    });
    report(
      'CPU of a recording, 4 heard, 2 seen',
      ours.cpu,
      '% of a core',
      { name: listening, value: theirs.cpu.value },
      'lower',
    );
    report('memory of a recording', ours.memoryMb, 'MB', { name: listening, value: theirs.memoryMb }, 'lower');
  },
};

async function cost(seconds: number, begin: (program: ChildProgram) => Promise<() => Promise<void>>): Promise<Cost> {
  await using program = new ChildProgram('room-listener', { flags: ['--expose-gc'] });
  const finish = await begin(program);
  await sleep(realClock, 3_000);
  const tree = new ProcessTree(program.pid);
  const cpu = await cpuRounds([tree], seconds);
  await program.call('settle');
  const memoryMb = tree.memoryMb();
  await finish();
  return { cpu, memoryMb };
}

/** That everybody was recorded all of the time. */
function check(
  { participants, samples, sampleRate, overflowedFrames, error }: RecordingManifest,
  seconds: number,
): void {
  const tracks = participants.flatMap((participant) => participant.tracks);
  const heard = tracks.every(({ heardSamples }) => heardSamples > 0.95 * samples);
  if (
    error === undefined &&
    overflowedFrames === 0 &&
    tracks.length === SPEAKERS &&
    heard &&
    samples > seconds * sampleRate
  )
    return;
  throw new Error(`the recording is not whole: ${JSON.stringify({ error, overflowedFrames, samples, tracks })}`);
}
