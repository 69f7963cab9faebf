import { type Clock, sleep } from '@sluice/core';
import type { AgentTool } from '@sluice/nodes';

/** What models that fail ask for. */
export function faultyTools(clock: Clock): Readonly<Record<string, AgentTool>> {
  return {
    works: { description: 'works', run: () => 'done' },
    throws: { description: 'throws', run: () => Promise.reject(new Error('broken')) },
    hangs: { description: 'hangs', run: () => new Promise(() => {}) },
    exact: { description: 'wants a day', parameters: { type: 'object', required: ['day'] }, run: () => 'booked' },
    tells: {
      description: 'tells how far it is, also when nobody wants to know any more',
      run: async (_, { progress }) => {
        for (const text of ['A moment.', 'Nearly.', 'Any time now.']) {
          progress(text, { say: true });
          await sleep(clock, 300);
        }
        return 'done';
      },
    },
    later: {
      description: 'goes on in the background',
      background: true,
      run: async (_, { signal }) => {
        await sleep(clock, 700, signal);
        return 'done';
      },
    },
    forgets: {
      description: 'hangs in the background',
      background: true,
      maxMs: 2_500,
      run: (_, { progress }) => {
        progress('It has begun.', { say: true });
        return new Promise(() => {});
      },
    },
  };
}
