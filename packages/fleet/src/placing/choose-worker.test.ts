import { expect, it } from 'vitest';
import { type Candidate, chooseWorker } from './choose-worker.ts';
import { fullness, refusalOf, type WorkerLoad } from './worker-load.ts';

const limits = { lagMs: 100, cpu: 1, memoryMb: 1000 };
const idle: WorkerLoad = { bots: 0, capacity: 10, lagMs: 0, cpu: 0, memoryMb: 0, limits };
const worker = (name: string, load: Partial<WorkerLoad>): Candidate => ({ worker: name, load: { ...idle, ...load } });

it('takes the one with most room in what it has least of', () => {
  const candidates = [worker('late', { lagMs: 60 }), worker('full', { bots: 8 }), worker('free', { cpu: 0.5 })];
  expect(chooseWorker(candidates, () => 0)).toBe('free');
  expect(candidates.map(({ load }) => fullness(load))).toEqual([0.6, 0.8, 0.5]);
});

it.each([
  [{ bots: 10 }, /10 of 10 bots/],
  [{ lagMs: 101 }, /101 ms late/],
  [{ cpu: 1.2 }, /1.20 cores/],
  [{ memoryMb: 1001 }, /1001 MiB/],
])('takes none that has %o', (load, why) => {
  expect(refusalOf({ ...idle, ...load })).toMatch(why);
  expect(chooseWorker([worker('a', load)], Math.random)).toBeUndefined();
});

it('counts what was begun, and one more', () => {
  const [begun, more] = [
    { lagMs: 0, cpu: 0.4, memoryMb: 0 },
    { lagMs: 0, cpu: 0.25, memoryMb: 0 },
  ];
  expect(refusalOf({ ...idle, bots: 1, cpu: 0.35, begun, more })).toBeUndefined();
  expect(refusalOf({ ...idle, bots: 1, cpu: 0.36, begun, more })).toMatch(/one bot more.*1.01 cores/);
  expect(fullness({ ...idle, bots: 1, cpu: 0.35, begun, more })).toBe(0.75);
  expect(refusalOf({ ...idle, bots: 0, more: { ...more, cpu: 5 } })).toBeUndefined();
});

it('looks at a sample of many, anywhere among them', () => {
  const many = Array.from({ length: 1000 }, (_, i) => worker(`${i}`, {}));
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const chosen = new Set(Array.from({ length: 200 }, () => chooseWorker(many, random)));
  expect(chosen.size).toBeGreaterThan(150);
  expect(many[0]!.worker).toBe('0');
});
