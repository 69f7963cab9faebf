import type { FaultRow } from '../fault-row.ts';

export const signallingRows: readonly FaultRow[] = [];
