import { realClock, sleep } from '@sluice/core';
import { type RunningJanus, startJanus } from '@sluice/transport/testing';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds, each } from '../measuring/cpu-rounds.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench } from '../measuring/report.ts';
import type { Rounds } from '../measuring/rounds.ts';

/** Those who take one publisher's media, all in one process. */
const COUNT = 10;

/** What a subscriber in a room of Janus costs beside the engine alone, which takes the same media through the same server. */
export const subscribers: Bench = {
  name: 'subscribers',
  async run(report, { quick, note }) {
    if (!canMeasureTrees()) return note('no /proc here: no rows');
    const janus = await startJanus();
    try {
      for (const pictures of [false, true]) {
        const wanted = { seconds: quick ? 4 : 15, pictures };
        const raw = await cost(janus, 'raw-janus-listeners', wanted);
        const peer = { name: 'raw @roamhq/wrtc, same server', value: raw.value };
        for (const mediaHost of ['child', 'in-process'] as const) {
          const ours = await cost(janus, 'whip-listeners', { ...wanted, mediaHost });
          const what = `each of ${COUNT}, ${pictures ? 'sound and pictures' : 'sound'}, ${mediaHost}`;
          report(what, ours, '% of a core', peer, 'lower');
        }
      }
    } finally {
      await janus.close();
    }
  },
};

interface Wanted {
  readonly seconds: number;
  readonly pictures: boolean;
  /** Of ours. */
  readonly mediaHost?: 'child' | 'in-process';
}

async function cost(
  janus: RunningJanus,
  listener: 'raw-janus-listeners' | 'whip-listeners',
  { seconds, pictures, mediaHost }: Wanted,
): Promise<Rounds> {
  await using publisher = new ChildProgram('whip-publishers');
  await using listeners = new ChildProgram(listener);
  const url = janus.roomUrl(`${listener}-${pictures}-${mediaHost}`);
  await publisher.call('join', [url], pictures);
  await sleep(realClock, 4_000);
  await listeners.call('hear', Array<string>(COUNT).fill(url), mediaHost);
  await sleep(realClock, 4_000);
  const taken = () => listeners.call<{ readonly heardMs: number; readonly pictures: number }>('taken');
  const before = await taken();
  const rounds = await cpuRounds([new ProcessTree(listeners.pid)], seconds);
  const after = await taken();
  const [heard, seen] = [after.heardMs - before.heardMs, after.pictures - before.pictures];
  if (heard < COUNT * seconds * 900) throw new Error(`heard ${heard} ms of ${COUNT * seconds * 1_000} only`);
  if (pictures && seen < COUNT * seconds * 10) throw new Error(`${listener} saw ${seen} pictures only`);
  return each(rounds, COUNT);
}
