// Which engine serves this process, and whether it is all that keeps the process running.

import type { LogGate } from '../logger.ts';
import { createChildHost } from './child/child-host.ts';
import { createInProcessHost } from './engine/in-process-host.ts';
import type { MediaHost } from './media-host.ts';

/** Where the media engine may run: in a child process, or in this one. */
export const mediaHostModes = ['child', 'in-process'] as const;
/** Where the media engine runs: in a process of its own, or in this one. */
export type MediaHostMode = (typeof mediaHostModes)[number];

export function createMediaHost(mode: MediaHostMode, log: LogGate): MediaHost {
  log.log('info', 'media host starts', { mode });
  if (mode === 'in-process') return createInProcessHost();
  const host = createChildHost();
  host.onDown((death) => log.log('error', 'media host died', death));
  return host;
}
