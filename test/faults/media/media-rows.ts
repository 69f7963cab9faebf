import type { FaultRow } from '../fault-row.ts';
import { flowRows } from './flow.ts';
import { inputRows } from './input.ts';
import { lipRows } from './lips.ts';
import { soundRows } from './sound.ts';

/** M1 to M16: media that is not what it should be, and graphs that change under it. */
export const mediaRows: readonly FaultRow[] = [...soundRows, ...inputRows, ...flowRows, ...lipRows].sort(
  (a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)),
);
