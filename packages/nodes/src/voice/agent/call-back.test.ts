import { once } from 'node:events';
import { expect, it } from 'vitest';
import { callBack } from './call-back.ts';

it('hands on what is told, and does without a callback', () => {
  const told: unknown[] = [];
  callBack('onEvent', (...all: [number, string]) => told.push(...all), 1, 'two');
  callBack('onIdle', undefined);
  expect(told).toEqual([1, 'two']);
});

it('makes a warning of what a callback throws', async () => {
  const warned = once(process, 'warning');
  const cause = new Error('mine');
  callBack('onIdle', () => {
    throw cause;
  });
  expect((await warned)[0]).toMatchObject({
    code: 'SLUICE_AGENT_HANDLER',
    cause,
    message: expect.stringMatching(/onIdle of an agent threw: mine/),
  });
});
