import { describe, expect, it } from 'vitest';
import { collect, numbers } from '../../test/graph-fixtures.ts';
import { type AudioFrame, audioPort, createOperator, defineNode, graph, pushSource } from '../index.ts';
import { VirtualClock } from '../testing/index.ts';

const schema = { type: 'object', properties: { db: { type: 'number' } }, required: ['db'] };

/** Takes what it declares, and anything that begins with `x-`. */
const louder = () =>
  createOperator<AudioFrame, AudioFrame>(
    { name: 'louder', controls: { 'set-gain': { description: 'Another gain.', schema } } },
    (destination, context) => {
      context.onControl(({ type }) => type === 'set-gain' || type.startsWith('x-'));
      return { next: (frame) => destination.next(frame) };
    },
  );

const node = (controls: unknown) =>
  defineNode({
    name: 'desk',
    inputs: { in: audioPort() },
    outputs: {},
    controls: controls as never,
    create: (_options: object) => ({ onFrame: (_port, frame) => frame.close?.(), onControl: () => true }),
  });

async function running() {
  const clock = new VirtualClock();
  const bot = graph('bot', { clock });
  const desk = bot.add(node({ mute: { description: 'Silence.' } })());
  const silent = pushSource<AudioFrame>(
    { name: 'silent', controls: { wake: { description: 'Begins.' } } },
    () => () => {},
  );
  bot.from(silent).pipe(louder()).to(desk.in.in);
  bot.from(numbers(1)).to(collect());
  await bot.start();
  return { bot, clock, told: (id: string) => bot.inspect().nodes.find((one) => one.id === id)?.controls };
}

describe('control messages of a node', () => {
  it('are told before any was sent, of operators, sources and nodes; and not where there are none', async () => {
    const { bot, told } = await running();
    expect(told('louder')).toEqual([{ type: 'set-gain', description: 'Another gain.', schema, count: 0 }]);
    expect(told('silent')).toEqual([{ type: 'wake', description: 'Begins.', count: 0 }]);
    expect(told('desk')).toEqual([{ type: 'mute', description: 'Silence.', count: 0 }]);
    expect(bot.inspect().nodes.find(({ id }) => id === 'numbers')).not.toHaveProperty('controls');
    bot.abort();
  });

  it('are counted when they are taken, with the time of the last, and not when they are refused', async () => {
    const { bot, clock, told } = await running();
    await clock.advance(250);
    await bot.send('louder', { type: 'set-gain', db: 1 });
    await clock.advance(250);
    await bot.send('louder', { type: 'set-gain', db: 2 });
    await expect(bot.send('louder', { type: 'explode' })).rejects.toMatchObject({ code: 'SLUICE_NODE_CONTROL' });
    expect(told('louder')).toEqual([{ type: 'set-gain', description: 'Another gain.', schema, count: 2, lastMs: 500 }]);
    bot.abort();
  });

  it('are told too where they are not declared, a bounded number of them', async () => {
    const { bot, told } = await running();
    for (let index = 0; index < 100; index++) await bot.send('louder', { type: `x-${index}` });
    expect(told('louder')).toHaveLength(33);
    await bot.send('desk', { type: 'constructor' });
    expect(told('desk')).toContainEqual({ type: 'constructor', count: 1, lastMs: 0 });
    bot.abort();
  });

  it.each([
    ['no object', []],
    ['a type in capitals', { Mute: { description: 'Silence.' } }],
    ['no description', { mute: {} }],
    ['null', { mute: null }],
    ['a schema that is none', { mute: { description: 'Silence.', schema: 'number' } }],
  ])('cannot be declared wrongly: %s', (_, controls) => {
    expect(() => node(controls)).toThrow(TypeError);
    expect(() => createOperator({ name: 'odd', controls: controls as never }, () => ({ next: () => {} }))).toThrow(
      TypeError,
    );
  });
});
