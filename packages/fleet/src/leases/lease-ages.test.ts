import { expect, it } from 'vitest';
import { LeaseAges } from './lease-ages.ts';
import type { WorkerBeat } from './worker-beat.ts';

const load = { bots: 0, capacity: 1, lagMs: 0, cpu: 0, memoryMb: 0, limits: { lagMs: 1, cpu: 1, memoryMb: 1 } };
const beat = (worker: string, revision: number): WorkerBeat => ({
  worker,
  revision,
  leaseMs: 2000,
  factories: [],
  load,
  draining: false,
});
const names = (beats: readonly WorkerBeat[]) => beats.map(({ worker }) => worker);
const steps = (ages: LeaseAges, count: number) => Array.from({ length: count }, () => ages.step(250)).at(-1)!;

it('finds old who was not heard for two seconds', () => {
  const ages = new LeaseAges();
  ages.heard(beat('a', 1));
  ages.heard(beat('b', 2));
  expect(steps(ages, 7)).toEqual([]);
  ages.heard(beat('b', 3));
  expect(ages.step(250)).toEqual(['a']);
  expect(names(ages.living)).toEqual(['b']);
  ages.forget('a');
  expect(ages.step(250)).toEqual([]);
});

it('goes by the lease that each worker tells', () => {
  const ages = new LeaseAges();
  ages.heard({ ...beat('quick', 1), leaseMs: 500 });
  ages.heard(beat('usual', 2));
  expect(steps(ages, 5)).toEqual(['quick']);
  expect(names(ages.living)).toEqual(['usual']);
});

it('blames nobody for the time in which it stood still itself', () => {
  const ages = new LeaseAges();
  ages.heard(beat('a', 1));
  expect(ages.step(60_000)).toEqual([]);
});

it('gives everybody time for a first word when the server is back', () => {
  const ages = new LeaseAges();
  ages.heard(beat('a', 1));
  steps(ages, 7);
  ages.begin();
  expect(steps(ages, 11)).toEqual([]);
  expect(ages.step(250)).toEqual(['a']);
});

it('passes over what was said before the last word', () => {
  const ages = new LeaseAges();
  ages.heard(beat('a', 5));
  ages.heard(beat('a', 4));
  expect(ages.revisionOf('a')).toBe(5);
});

it('gives who was never heard, and whose lease is there, a lease for a first word', () => {
  const ages = new LeaseAges();
  ages.written('quiet', 7);
  expect(ages.living).toEqual([]);
  expect([ages.revisionOf('quiet'), steps(ages, 7)]).toEqual([7, []]);
  expect(ages.step(250)).toEqual(['quiet']);
  ages.heard(beat('quiet', 8));
  expect(names(ages.living)).toEqual(['quiet']);
  expect(ages.step(250)).toEqual([]);
});

it('gives who was never heard no less than who listens has itself', () => {
  const ages = new LeaseAges(4000);
  ages.written('quiet', 7);
  // A step counts a fifth of a lease at most.
  expect(steps(ages, 15)).toEqual([]);
  expect(ages.step(250)).toEqual(['quiet']);
});
