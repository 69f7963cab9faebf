import { type Graph, graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';
import { expect, it, vi } from 'vitest';
import { attach } from '../src/attach/register.ts';
import { listRunFiles } from '../src/index.ts';

it('shows of the graphs of a process that are over the last eight only, and all that run', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const shown: Graph[] = [];
  const show = async (name: string) => {
    const one = graph(name);
    one.from(fromTone({ duration: 0.02 })).to(toNull());
    shown.push(one);
    await attach(one);
    return one;
  };
  // The first opens the inspector; started graphs would ask core for another one.
  process.env.SLUICE_INSPECT = '1';
  const running = await show('running');
  delete process.env.SLUICE_INSPECT;
  for (let call = 1; call <= 12; call++) await (await show(`call ${call}`)).run();
  vi.restoreAllMocks();
  const { port, token } = listRunFiles().find(({ pid }) => pid === process.pid)!;
  const answer = await fetch(`http://127.0.0.1:${port}/api/graph`, { headers: { authorization: `Bearer ${token}` } });
  const { graphs } = (await answer.json()) as { graphs: { name: string }[] };
  const over = Array.from({ length: 8 }, (_, index) => `call ${index + 5}`);
  expect(graphs.map(({ name }) => name)).toEqual(['running', ...over]);
  running.abort();
  await running.finished.catch(() => {});
});
