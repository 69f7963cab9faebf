import type { FaultRow } from '../fault-row.ts';
import { actorRows } from './actors.ts';
import { comingRows } from './coming-and-going.ts';
import { engineRows } from './engine.ts';
import { fleetRows } from './fleet.ts';
import { machineRows } from './machine.ts';
import { programRows } from './programs.ts';
import { roomRows } from './room.ts';

/** P1 to P22: what becomes of processes, and of what runs in them. */
export const processRows: readonly FaultRow[] = [
  ...roomRows,
  ...engineRows,
  ...actorRows,
  ...programRows,
  ...machineRows,
  ...comingRows,
  ...fleetRows,
].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
