import { realClock, sleep } from '@sluice/core';
import { startJanus } from '@sluice/transport/testing';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds } from '../measuring/cpu-rounds.ts';
import { fittedLine } from '../measuring/fitted-line.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench } from '../measuring/report.ts';
import type { Rounds } from '../measuring/rounds.ts';

/** Of each room, beside the one who speaks. */
const LISTENERS = 5;
/** Of the sound, what has to be heard for a figure to count. */
const HEARD = 0.98;

/** What a room more costs its Janus: the server alone, while one speaks in each room and five listen, by the engine alone. */
export const janusRooms: Bench = {
  name: 'janus-rooms',
  async run(report, { quick, note }) {
    if (!canMeasureTrees()) return note('no /proc here: no rows');
    const points: [rooms: number, cpu: number][] = [];
    for (const rooms of quick ? [2, 6] : [2, 5, 10, 20]) {
      const taken = await serverOf(rooms, quick ? 4 : 15);
      points.push([rooms, taken.value]);
      report(
        `${rooms} rooms of one who speaks and ${LISTENERS} who listen, of the server`,
        taken,
        '% of a core',
        undefined,
        'lower',
      );
    }
    report('each room more', fittedLine(points).each, '% of a core', undefined, 'lower');
  },
};

async function serverOf(count: number, seconds: number): Promise<Rounds> {
  const janus = await startJanus();
  try {
    const urls = Array.from({ length: count }, (_, n) => janus.roomUrl(`room-${n}`));
    await using speakers = new ChildProgram('whip-publishers');
    await using listeners = new ChildProgram('raw-janus-listeners');
    await speakers.call('join', urls, false);
    await sleep(realClock, 4_000);
    await listeners.call(
      'hear',
      urls.flatMap((url) => Array<string>(LISTENERS).fill(url)),
    );
    await sleep(realClock, 4_000);
    const heardMs = async () => (await listeners.call<{ readonly heardMs: number }>('taken')).heardMs;
    const before = await heardMs();
    const taken = await cpuRounds([new ProcessTree(janus.pid)], seconds);
    const share = ((await heardMs()) - before) / (1_000 * seconds * count * LISTENERS);
    // What a full machine passes on costs its server less than a room does.
    if (share < HEARD) throw new Error(`of ${count} rooms ${(100 * share).toFixed(1)} % were heard`);
    return taken;
  } finally {
    await janus.close();
  }
}
