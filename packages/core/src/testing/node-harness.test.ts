import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../media/audio-frame.ts';
import { defineNode } from '../node/define-node.ts';
import { audioPort } from '../node/port.ts';
import type { Clock } from '../time/clock.ts';
import { micros } from '../time/units.ts';
import { nodeHarness } from './node-harness.ts';

const frame = (value = 0) =>
  new AudioFrame({ samples: Int16Array.of(value), sampleRate: 48_000, channels: 1, timestamp: micros(0) });
const ports = { inputs: { in: audioPort() }, outputs: { out: audioPort() } };

const passOn = defineNode({
  name: 'pass-on',
  ...ports,
  create: (_options, context) => ({ onFrame: (_port, input) => context.emit('out', input) }),
});
const keeper = defineNode({ name: 'keeper', ...ports, create: () => ({ onFrame() {} }) });
const endless = defineNode({
  name: 'endless',
  ...ports,
  create: () => ({ onFrame: (_port, input) => input.close(), onDrain: () => new Promise<void>(() => {}) }),
});
const ticking = defineNode({
  name: 'ticking',
  ...ports,
  create: (_options, context) => ({
    onFrame: (_port, input) => context.emit('out', input),
    onDrain: () => new Promise<void>(() => tick(context.clock)),
  }),
});
function tick(clock: Clock): void {
  clock.at(clock.now() + 1_000, () => tick(clock));
}
const broken = defineNode({
  name: 'broken',
  ...ports,
  create: () => ({
    onFrame(_port, input) {
      input.close();
      throw new Error('it broke');
    },
  }),
});

describe('nodeHarness', () => {
  it('records what left a port, and when in virtual time', async () => {
    await using h = await nodeHarness(passOn());
    h.push('in', frame(1));
    await h.advance(20);
    h.push('in', frame(2));
    await h.settle();
    expect(h.outputs<AudioFrame>('out').map((one) => [one.frame.samples[0], one.at])).toEqual([
      [1, 0],
      [2, 20],
    ]);
    expect([h.status, h.frames.open]).toEqual(['running', 2]);
    await h.finish();
    expect([h.status, h.frames.open]).toEqual(['done', 0]);
  });

  it('fails at the end for a frame that the node keeps', async () => {
    const h = await nodeHarness(keeper());
    const kept = frame();
    h.push('in', kept);
    await h.settle();
    await expect(h.finish()).rejects.toThrow(/1 frame/);
    kept.close();
  });

  it('fails for a node that does not end with its inputs', async () => {
    const h = await nodeHarness(endless());
    await expect(h.finish()).rejects.toMatchObject({ code: 'SLUICE_GRAPH_STALLED' });
    const busy = await nodeHarness(ticking());
    await expect(busy.finish()).rejects.toMatchObject({ code: 'SLUICE_DEADLINE' });
    expect(busy.status).not.toBe('running');
  });

  it('fails with what the node failed with', async () => {
    const h = await nodeHarness(broken());
    h.push('in', frame());
    await h.settle();
    await expect(h.finish()).rejects.toThrow('it broke');
    expect(h.status).toBe('failed');
    expect(String(h.error)).toContain('it broke');
  });

  it('refuses control messages, ports, inputs and options that there are not', async () => {
    await using h = await nodeHarness(passOn());
    await expect(h.send({ type: 'unknown' })).rejects.toMatchObject({ code: 'SLUICE_NODE_CONTROL' });
    expect(() => h.push('left', frame())).toThrow('no input left; expected one of in');
    expect(() => h.outputs('left')).toThrow('no output left; expected one of out');
    await h.abort();
    await expect(nodeHarness(passOn(), { inputs: { one: {} } })).rejects.toThrow('nodeHarness.inputs');
    await expect(nodeHarness(passOn(), { manuel: true } as object)).rejects.toThrow('manuel');
  });
});
