import { describe, expect, it, vi } from 'vitest';
import { collect, numbers } from '../../test/graph-fixtures.ts';
import { type AudioFrame, defineNode, type Frame, graph } from '../index.ts';
import { VirtualClock } from '../testing/index.ts';

/** A graph of one link, with the sums of what was seen on it. */
function tapped(count: number) {
  const bot = graph('tapped', { clock: new VirtualClock() });
  const { link } = bot.from(numbers(count)).to(collect());
  const seen: number[] = [];
  return { bot, link, seen, look: (frame: Frame) => void seen.push((frame as AudioFrame).samples[0]!) };
}

describe('looking at a link', () => {
  it('shows each frame, in order and to everybody, until it is enough', async () => {
    const { bot, link, seen, look } = tapped(5);
    let others = 0;
    bot.tap(link, look);
    const enough = bot.tap(bot.inspect().links[0]!.id, () => {
      others++;
      if (others === 2) enough();
    });
    await bot.run();
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(others).toBe(2);
  });

  it('goes on with the graph and the others when somebody throws who looks', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { bot, link, seen, look } = tapped(3);
    bot.tap(link, () => {
      throw new Error('it cannot look');
    });
    bot.tap(link, look);
    await bot.run();
    expect(seen).toEqual([0, 1, 2]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatchObject({ message: 'it cannot look' });
  });

  it('refuses a link that is not there', () => {
    expect(() => tapped(1).bot.tap('nowhere', () => {})).toThrow(
      expect.objectContaining({ code: 'SLUICE_LINK_INVALID' }),
    );
  });
});

it('sends a message to a node by its id', async () => {
  const got: unknown[] = [];
  const listener = defineNode({
    name: 'listener',
    inputs: {},
    outputs: {},
    create: (_options: object, _context) => ({
      onControl: (message) => {
        got.push(message);
        return true;
      },
    }),
  });
  const bot = graph('told', { clock: new VirtualClock() });
  bot.add(listener());
  await bot.start();
  await bot.send('listener', { type: 'hear', word: 'yes' });
  expect(got).toEqual([{ type: 'hear', word: 'yes' }]);
  await expect(bot.send('nobody', { type: 'hear' })).rejects.toMatchObject({ code: 'SLUICE_GRAPH_INVALID' });
  bot.abort();
});
