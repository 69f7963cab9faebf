import type { FaultRow } from '../fault-row.ts';

export const networkRows: readonly FaultRow[] = [];
