import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineNode } from '../node/define-node.ts';
import { audioPort } from '../node/port.ts';
import type { PrefetchContext } from '../node/prefetch.ts';
import { realClock } from '../time/real-clock.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { graph } from './graph.ts';
import type { NodePrefetch } from './prefetch.ts';

type Prefetch = (context: PrefetchContext & { readonly options: { model: string } }) => Promise<void>;

const fetching = (prefetch?: Prefetch) =>
  defineNode({
    name: 'ears',
    inputs: { in: audioPort() },
    outputs: {},
    options: z.strictObject({ model: z.string().default('tiny') }),
    ...(prefetch === undefined ? {} : { prefetch }),
    create: () => ({}),
  });
const untilAborted: Prefetch = ({ signal }) =>
  new Promise((_, reject) => void signal.addEventListener('abort', () => reject(signal.reason)));

afterEach(() => void vi.restoreAllMocks());

describe('graph.prefetch', () => {
  it('lets every node fetch side by side, and tells how far each has come', async () => {
    const bot = graph('bot', { clock: new VirtualClock() });
    const arrived: string[] = [];
    let open = () => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const ears = fetching(async ({ options, onProgress }) => {
      arrived.push(options.model);
      onProgress({ loadedBytes: 1 });
      if (arrived.length === 2) open();
      await both;
      onProgress({ loadedBytes: 10, totalBytes: 10 });
    });
    bot.add(ears({ model: 'large' }));
    bot.add(ears(), { name: 'second' });
    bot.add(fetching()(), { name: 'needs-nothing' });
    const progress: NodePrefetch[] = [];
    await bot.prefetch({ onProgress: (one) => void progress.push(one) });
    expect(arrived).toEqual(['large', 'tiny']);
    expect(progress).toEqual([
      { node: 'ears', loadedBytes: 1 },
      { node: 'second', loadedBytes: 1 },
      { node: 'ears', loadedBytes: 10, totalBytes: 10 },
      { node: 'second', loadedBytes: 10, totalBytes: 10 },
    ]);
    expect(bot.status).toBe('idle');
  });

  it('asks a blueprint once that was added twice', async () => {
    const prefetch = vi.fn(async () => {});
    const blueprint = fetching(prefetch)();
    const bot = graph('bot');
    bot.add(blueprint);
    bot.add(blueprint, { name: 'again' });
    await bot.prefetch();
    expect(prefetch).toHaveBeenCalledOnce();
  });

  it('names the node that failed, and ends the others', async () => {
    const bot = graph('bot');
    const reasons: unknown[] = [];
    bot.add(fetching((context) => untilAborted(context).catch((reason) => void reasons.push(reason)))(), {
      name: 'slow',
    });
    bot.add(
      fetching(async () => {
        throw new Error('no such model');
      })(),
      { name: 'broken' },
    );
    await expect(bot.prefetch()).rejects.toMatchObject({
      code: 'SLUICE_NODE_FAILED',
      nodeId: 'broken',
      cause: expect.objectContaining({ message: 'no such model' }),
    });
    await new Promise(setImmediate);
    expect(reasons).toHaveLength(1);
  });

  it('names who is not ready at the deadline, and tells them to stop', async () => {
    let pass = () => {};
    vi.spyOn(realClock, 'at').mockImplementation((_, callback) => {
      pass = callback;
      return () => {};
    });
    const bot = graph('bot');
    let signal: AbortSignal | undefined;
    let told = () => {};
    const stuck = fetching((context) => {
      signal = context.signal;
      told = () => context.onProgress({ loadedBytes: 1 });
      return new Promise(() => {});
    });
    bot.add(stuck(), { name: 'stuck' });
    bot.add(fetching(async () => {})(), { name: 'quick' });
    const onProgress = vi.fn();
    const done = expect(bot.prefetch({ deadlineMs: 500, onProgress })).rejects.toMatchObject({
      code: 'SLUICE_DEADLINE',
      message: expect.stringMatching(/graph bot took longer than 500 ms; received \["stuck"\].*`deadlineMs`/),
    });
    await new Promise(setImmediate);
    pass();
    await done;
    expect(signal?.aborted).toBe(true);
    told();
    expect(onProgress).not.toHaveBeenCalled();
  });

  it('ends with the signal, and with the graph', async () => {
    const controller = new AbortController();
    const bot = graph('bot');
    bot.add(fetching(untilAborted)());
    const bySignal = expect(bot.prefetch({ signal: controller.signal })).rejects.toThrow('enough');
    controller.abort(new Error('enough'));
    await bySignal;
    await expect(bot.prefetch({ signal: controller.signal })).rejects.toThrow('enough');
    const byGraph = expect(bot.prefetch()).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
    bot.abort();
    await byGraph;
    await bot.finished.catch(() => {});
  });

  it('refuses options that are none', async () => {
    const bot = graph('bot');
    await expect(bot.prefetch({ deadlineMs: 0 })).rejects.toThrow(RangeError);
    await expect(bot.prefetch({ onProgress: 1 as never })).rejects.toThrow(TypeError);
    await expect(bot.prefetch({ deadline: 3 } as never)).rejects.toThrow(/did you mean deadlineMs\?/);
    expect(() => defineNode({ name: 'x', inputs: {}, outputs: {}, prefetch: 1 as never, create: () => ({}) })).toThrow(
      /x\.prefetch/,
    );
  });
});

describe('a factory', () => {
  it('fetches for the options of a node that is not made yet', async () => {
    const models: string[] = [];
    const ears = fetching(async ({ options }) => void models.push(options.model));
    const context = { signal: new AbortController().signal, onProgress: () => {} };
    await ears.prefetch?.(context);
    await ears.prefetch?.(context, { model: 'large' });
    await expect(ears.prefetch?.(context, { modl: 'x' } as never)).rejects.toThrow(/did you mean model\?/);
    expect(models).toEqual(['tiny', 'large']);
    expect(fetching().prefetch).toBeUndefined();
    expect(fetching()().prefetch).toBeUndefined();
    expect(ears.name).toBe('ears');
  });
});
