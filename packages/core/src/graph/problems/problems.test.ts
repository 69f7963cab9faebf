import { describe, expect, it } from 'vitest';
import { collect, numbers, ticking } from '../../../test/graph-fixtures.ts';
import { type AudioFrame, createOperator, graph } from '../../index.ts';
import { VirtualClock } from '../../testing/index.ts';

/** Fails at the frames of these numbers, of all that it ever gets. */
const failsAt = (...numbers: number[]) => {
  let frames = 0;
  return createOperator<AudioFrame, AudioFrame>({ name: 'shaky' }, (destination) => ({
    next: (frame) => {
      if (numbers.includes(frames++)) throw new Error('no');
      destination.next(frame);
    },
  }));
};

const running = async (build: (bot: ReturnType<typeof graph>) => void) => {
  const clock = new VirtualClock();
  const bot = graph('bot', { clock });
  build(bot);
  const done = bot.run();
  done.catch(() => {});
  return { clock, bot, done };
};

describe('problems', () => {
  it('are past when they have not happened again for half a minute, and come back when they do', async () => {
    const { clock, bot } = await running((one) =>
      one
        .from(ticking())
        .with({ onError: 'resume' })
        .pipe(failsAt(50, 100, 5_000))
        .to(collect()),
    );
    await clock.advance(10_000);
    expect(bot.inspect().diagnostics).toEqual([
      {
        text: '`shaky` reported 2 faults, the last: no',
        fix: expect.stringMatching(
          /^mend what it throws at packages\/core\/src\/graph\/problems\/problems\.test\.ts:\d+$/,
        ),
        node: 'shaky',
        code: 'SLUICE_NODE_FAILED',
        firstMs: 1_000,
        lastMs: 2_000,
        past: false,
      },
    ]);
    await clock.advance(21_990);
    expect(bot.inspect().problems).toHaveLength(1);
    await clock.advance(20);
    expect(bot.inspect()).toMatchObject({ problems: [], diagnostics: [{ lastMs: 2_000, past: true }] });
    await clock.advance(70_000);
    expect(bot.inspect()).toMatchObject({
      problems: [expect.stringContaining('3 faults')],
      diagnostics: [{ firstMs: 1_000, lastMs: 100_000, past: false }],
    });
    bot.abort();
  });

  it('stay to the end of a graph that is over', async () => {
    const { clock, bot, done } = await running((one) =>
      one.from(ticking(100)).with({ onError: 'resume' }).pipe(failsAt(50)).to(collect()),
    );
    await clock.run({ until: done, limitMs: 10_000 });
    await clock.advance(100_000);
    expect(bot.inspect().problems).toEqual([expect.stringContaining('`shaky` reported a fault: no;')]);
  });

  it('tell since when something is so, whatever numbers it has, and nothing of it once it is not', async () => {
    const { clock, bot } = await running((one) => one.from(ticking()).to(collect()));
    await clock.advance(100);
    await bot.pause({ maxMs: 1_000 });
    await clock.advance(2_000);
    const paused = () => bot.inspect().diagnostics.find(({ text }) => text.includes('paused'));
    expect(paused()).toMatchObject({ firstMs: 2_100 });
    await clock.advance(60_000);
    expect(paused()).toMatchObject({ firstMs: 2_100, past: false });
    expect(paused()).not.toHaveProperty('lastMs');
    bot.resume();
    expect(paused()).toBeUndefined();
    bot.abort();
  });

  it('say nothing of a file that a sink in time holds back, however long its link is full', async () => {
    const { clock, bot } = await running((one) => one.from(numbers(10_000)).to(collect(20)));
    await clock.advance(60_000);
    const { nodes, links, problems } = bot.inspect();
    expect(nodes[0]).toMatchObject({ live: false, waiting: true });
    expect(links[0]!.fullForMs).toBeGreaterThan(59_000);
    expect(problems).toEqual([]);
    bot.abort();
  });
});
