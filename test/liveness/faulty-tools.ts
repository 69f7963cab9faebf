import type { AgentTool } from '@sluice/nodes';

/** What models that fail ask for. */
export const faultyTools: Readonly<Record<string, AgentTool>> = {
  works: { description: 'works', run: () => 'done' },
  throws: { description: 'throws', run: () => Promise.reject(new Error('broken')) },
  hangs: { description: 'hangs', run: () => new Promise(() => {}) },
};
