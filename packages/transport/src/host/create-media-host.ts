import type { LogGate } from '../logger.ts';
import { createInProcessHost } from './engine/in-process-host.ts';
import type { MediaHost } from './media-host.ts';

export const mediaHostModes = ['child', 'in-process'] as const;
/** Where the media engine runs: in a process of its own, or in this one. */
export type MediaHostMode = (typeof mediaHostModes)[number];

export function createMediaHost(mode: MediaHostMode, log: LogGate): MediaHost {
  log.log('info', 'media host starts', { mode });
  return createInProcessHost();
}
