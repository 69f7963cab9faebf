import { sleep } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentTool } from './agent-tool.ts';
import { type ToolProgress, type ToolResult, ToolRuns } from './tool-runs.ts';

describe('ToolRuns', () => {
  let clock: VirtualClock;
  let progress: ToolProgress[];
  let later: ToolResult[];
  let aborted: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    [progress, later, aborted] = [[], [], []];
  });
  /** A tool that takes so long, and says when it is stopped. */
  const taking = (ms: number, more: Partial<AgentTool> = {}): AgentTool => ({
    description: '',
    run: async ({ name }, { signal }) => {
      signal.addEventListener('abort', () => aborted.push(`${String(name)} at ${clock.now()}`));
      await sleep(clock, ms);
      return `${String(name)} after ${ms}`;
    },
    ...more,
  });
  const runs = (tools: Record<string, AgentTool>) =>
    new ToolRuns({
      clock,
      tools,
      toolMs: 1_000,
      onProgress: (one) => progress.push(one),
      onLater: (one) => later.push(one),
    });
  const call = (name: string) => ({ callId: `id-${name}`, name, arguments: { name } });
  const texts = (results: readonly ToolResult[]) => results.map(({ text }) => text);

  it('runs the calls of a round at the same time, and gives their results in order', async () => {
    const running = runs({ slow: taking(300), fast: taking(100) }).run(
      [call('slow'), call('fast')],
      new AbortController().signal,
    );
    await clock.advance(300);
    const results = await running;
    expect(texts(results)).toEqual(['slow after 300', 'fast after 100']);
    expect(results.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 300],
      [0, 100],
    ]);
    expect(clock.timers).toBe(0);
  });

  it('gives each its own time, and ends what takes longer', async () => {
    const tools = { patient: taking(3_000, { maxMs: 5_000 }), late: taking(3_000), hasty: taking(500, { maxMs: 200 }) };
    const running = runs(tools).run([call('patient'), call('late'), call('hasty')], new AbortController().signal);
    await clock.advance(6_000);
    expect(texts(await running)).toEqual([
      'patient after 3000',
      'error: late took longer than 1000 ms',
      'error: hasty took longer than 200 ms',
    ]);
    expect(aborted.slice(0, 2)).toEqual(['hasty at 200', 'late at 1000']);
  });

  it('keeps what has come when it is given up, and says of the rest that it may have had an effect', async () => {
    const abort = new AbortController();
    const running = runs({ done: taking(100), never: taking(900) }).run([call('done'), call('never')], abort.signal);
    await clock.advance(500);
    abort.abort();
    expect(texts(await running)).toEqual(['done after 100', expect.stringMatching(/given up.*may have had an effect/)]);
    expect(aborted).toContain('never at 500');
  });

  it('does not run what it was given wrong arguments for, and says what would be right', async () => {
    const parameters = { type: 'object', required: ['day'], properties: { day: { type: 'string' } } };
    let ran = 0;
    const tools = { book: { description: '', parameters, run: () => `${++ran}` } };
    const results = await runs(tools).run([call('book'), call('cook')], new AbortController().signal);
    expect(texts(results)).toEqual([
      'error: book was not run: day is missing. Call it again with arguments that fit.',
      'error: there is no tool cook; there is book',
    ]);
    expect(ran).toBe(0);
  });

  it('tells how far a tool is until it is over, and takes what is no text', async () => {
    let tell = (_text: string) => {};
    const tools: Record<string, AgentTool> = {
      search: {
        description: '',
        run: (_args, context) => {
          tell = (text) => context.progress(text);
          context.progress('half', { say: true });
          return { found: 3 } as never;
        },
      },
    };
    const results = await runs(tools).run([call('search')], new AbortController().signal);
    tell('too late');
    expect(progress.map(({ text, say }) => [text, say])).toEqual([['half', true]]);
    expect(texts(results)).toEqual(['{"found":3}']);
  });

  it('tells the model of a result that JSON cannot hold, at once', async () => {
    const circle: Record<string, unknown> = {};
    circle.itself = circle;
    const tools: Record<string, AgentTool> = {
      circle: { description: '', run: () => circle as never },
      large: { description: '', run: async () => 10n as never },
    };
    const results = await runs(tools).run([call('circle'), call('large')], new AbortController().signal);
    expect(texts(results)).toEqual([
      'error: circle returned what JSON cannot hold',
      'error: large returned what JSON cannot hold',
    ]);
    expect(clock.timers).toBe(0);
  });

  it('lets a tool go on in the background, past an interruption, until it is closed', async () => {
    const abort = new AbortController();
    const line = runs({ search: taking(60_000, { background: true }), ever: taking(1e9, { background: true }) });
    const results = await line.run([call('search'), call('ever')], abort.signal);
    expect(texts(results)[0]).toMatch(/^search has begun/);
    abort.abort();
    await clock.advance(60_000);
    expect(later).toMatchObject([
      { call: { callId: 'id-search' }, text: 'search after 60000', startMs: 0, endMs: 60_000 },
    ]);
    line.close();
    await clock.advance(10);
    expect(aborted).toContain('ever at 60000');
    expect(later).toHaveLength(1);
  });
});
