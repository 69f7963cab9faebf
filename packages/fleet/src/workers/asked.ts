import type { Msg } from '@nats-io/transport-node';

/** What a worker may be asked: to take a job, to look whether one that it runs is still its own, and what its bot takes. */
const asks = ['admit', 'yield', 'cancel', 'account'] as const;

/** What one worker asks another, or who cancels a job its worker. */
export type Asked =
  | { readonly ask: 'admit'; readonly job: string; readonly factory: string }
  | { readonly ask: 'yield' | 'cancel' | 'account'; readonly job: string };

/** What was asked; undefined for what is no question. */
export function readAsked(message: Msg): Asked | undefined {
  try {
    const { ask, job, factory } = (message.json() ?? {}) as Record<string, unknown>;
    if (!asks.includes(ask as Asked['ask']) || typeof job !== 'string') return undefined;
    return ask !== 'admit' || typeof factory === 'string' ? ({ ask, job, factory } as Asked) : undefined;
  } catch {
    return undefined;
  }
}
