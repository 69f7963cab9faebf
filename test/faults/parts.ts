import type { FaultPart } from './fault-row.ts';
import { mediaRows } from './media/media-rows.ts';
import { networkRows } from './network/network-rows.ts';
import { processRows } from './process/process-rows.ts';
import { signallingRows } from './signalling/signalling-rows.ts';

/** The catalogue. */
export const parts: readonly FaultPart[] = [
  { title: 'The network', letter: 'N', last: 20, rows: networkRows },
  { title: 'Processes', letter: 'P', last: 22, rows: processRows },
  { title: 'Media', letter: 'M', last: 16, rows: mediaRows },
  { title: 'Signalling', letter: 'S', last: 8, rows: signallingRows },
];
