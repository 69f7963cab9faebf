import { chooseWorker, fullness, refusalOf } from '@sluice/fleet';
import { percentile } from '../measuring/percentile.ts';
import type { Bench, Report } from '../measuring/report.ts';

const CAPACITY = 20;
const BEATS_PER_SECOND = 2;
/** A job that so many workers refused waits for the next beat. */
const MOST_ASKED = 16;
const limits = { lagMs: 100, cpu: 0.85, memoryMb: 2048 };

/** A worker, and what it told of itself with its last beat. */
class SimulatedWorker {
  readonly worker: string;
  readonly costs: number[] = [];
  load = { bots: 0, capacity: CAPACITY, lagMs: 0, cpu: 0, memoryMb: 0, limits };

  constructor(worker: string) {
    this.worker = worker;
  }

  get now() {
    const cpu = this.costs.reduce((sum, cost) => sum + cost, 0);
    return { ...this.load, bots: this.costs.length, cpu };
  }
}

interface Scene {
  readonly name: string;
  readonly seconds: number;
  /** Cores that a bot takes. */
  readonly cost: (random: () => number) => number;
}

const even = () => 0.03;
/** One in twenty takes eight times as much. */
const skewed = (random: () => number) => (random() < 0.05 ? 0.16 : 0.02);

const scenes: readonly Scene[] = [
  { name: 'in five minutes', seconds: 300, cost: even },
  { name: 'in ten seconds', seconds: 10, cost: even },
  { name: 'of unlike cost', seconds: 300, cost: skewed },
];

/**
 * The choice of workers for 100,000 rooms, where everybody knows of the others only what they told with their last beat: how many
 * ask in vain, how even it gets, and how long the rooms of a tenth of all workers wait that die at once.
 */
export const placing: Bench = {
  name: 'placing',
  run: async (report, { quick }) => {
    const rooms = quick ? 10_000 : 100_000;
    for (const scene of scenes) simulate(scene, rooms, report);
  },
};

function simulate({ name, seconds, cost }: Scene, rooms: number, report: Report): void {
  const random = seeded();
  let workers = Array.from({ length: rooms / 16 }, (_, i) => new SimulatedWorker(`${i}`));
  const costs = Array.from({ length: rooms }, () => cost(random));
  const first = place(workers, costs, Math.ceil(rooms / (seconds * BEATS_PER_SECOND)), random);
  const full = workers.map(({ now }) => fullness(now));
  const mean = full.reduce((sum, one) => sum + one, 0) / full.length;
  report(`${rooms} rooms ${name}, asked in vain per room`, first.refused / rooms, '', undefined, 'lower');
  report(
    `${rooms} rooms ${name}, fullest of 99 % beside the mean`,
    percentile(full, 0.99) / mean,
    '',
    undefined,
    'lower',
  );
  const dead = workers.splice(0, workers.length / 10);
  workers = workers.slice();
  const again = place(
    workers,
    dead.flatMap((one) => one.costs),
    rooms,
    random,
  );
  const waited = again.beats / BEATS_PER_SECOND;
  report(`${rooms} rooms ${name}, a tenth of the workers dies, all placed again`, waited, 's', undefined, 'lower');
}

/** Gives rooms to workers, so many for each beat. @returns how many asked in vain, and how many beats it took */
function place(workers: readonly SimulatedWorker[], costs: readonly number[], perBeat: number, random: () => number) {
  const byName = new Map(workers.map((one) => [one.worker, one]));
  let waiting: number[] = [];
  let refused = 0;
  let beats = 0;
  for (let next = 0; next < costs.length || waiting.length > 0; next += perBeat) {
    if (++beats > 10_000) throw new Error(`${waiting.length} rooms find no place`);
    for (const one of workers) one.load = one.now;
    const now = [...waiting, ...costs.slice(next, next + perBeat)];
    waiting = [];
    for (const cost of now) {
      const vain = ask(workers, byName, cost, random);
      refused += vain;
      if (vain === MOST_ASKED) waiting.push(cost);
    }
  }
  return { refused, beats };
}

/** @returns how many refused; as many as are asked where none took it */
function ask(
  workers: readonly SimulatedWorker[],
  byName: ReadonlyMap<string, SimulatedWorker>,
  cost: number,
  random: () => number,
): number {
  for (let refused = 0; refused < MOST_ASKED; refused++) {
    const chosen = byName.get(chooseWorker(workers, random) ?? '');
    if (chosen === undefined) return MOST_ASKED;
    if (refusalOf(chosen.now) !== undefined) continue;
    chosen.costs.push(cost);
    return refused;
  }
  return MOST_ASKED;
}

function seeded(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}
