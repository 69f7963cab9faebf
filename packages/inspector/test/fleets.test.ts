import { graph } from '@sluice/core';
import { expect, it, onTestFinished } from 'vitest';
import { inspector } from '../src/index.ts';
import { FakeFleet, fakeJob } from './fake-fleet.ts';
import { Looker } from './looker.ts';

async function shown(fleet: FakeFleet, name?: string) {
  const open = await inspector([], { runFile: false });
  const hide = open.addFleet(fleet, name === undefined ? {} : { name });
  const looker = await Looker.open(open);
  onTestFinished(async () => {
    looker.close();
    await open.close();
  });
  return { open, hide, looker };
}

it('tells workers by name, jobs by what is to be done about them, and nothing that was given to one', async () => {
  const { looker, hide } = await shown(new FakeFleet(), 'night shift');
  const { fleets } = await looker.next('fleets', ({ fleets }) => fleets[0]?.readAt !== null);
  const [told] = fleets;
  expect(told).toMatchObject({ name: 'night shift', counts: { running: 5, queued: 1, failed: 1, ended: 1 } });
  expect(told!.workers.map(({ worker }) => worker)).toEqual(['worker-a', 'worker-b', 'worker-c']);
  expect(told!.jobs.map(({ state }) => state)).toEqual(['failed', 'queued', ...Array(5).fill('running'), 'ended']);
  expect(JSON.stringify(told)).not.toMatch(/input|hush/);
  hide();
  await looker.next('fleets', ({ fleets }) => fleets.length === 0);
});

it('tells 500 jobs of more, and how many there are', async () => {
  const fleet = new FakeFleet();
  fleet.more = Array.from({ length: 2_000 }, (_, at) => fakeJob(`job-${at}`, 'ended'));
  const { looker } = await shown(fleet);
  const { fleets } = await looker.next('fleets', ({ fleets }) => fleets[0]?.readAt !== null);
  expect(fleets[0]).toMatchObject({ name: 'fleet', counts: { ended: 2_001, running: 5 } });
  expect(fleets[0]!.jobs).toHaveLength(500);
  expect(fleets[0]!.jobs[0]!.state).toBe('failed');
});

it('keeps what it knows of one whose server refuses, and asks one that is silent no second time', async () => {
  const fleet = new FakeFleet();
  const { looker } = await shown(fleet);
  const known = await looker.next('fleets', ({ fleets }) => fleets[0]?.readAt !== null);
  fleet.reads = 'refuse';
  const refused = await looker.next('fleets', ({ fleets }) => fleets[0]?.fault !== undefined);
  expect(refused.fleets[0]).toMatchObject({ fault: 'NATS is away', jobs: { length: 8 } });
  fleet.reads = 'answer';
  const back = await looker.next('fleets', ({ t, fleets }) => t > refused.t && fleets[0]?.fault === undefined);
  expect(back.fleets[0]!.readAt).toBeGreaterThan(known.fleets[0]!.readAt!);
  fleet.reads = 'wait';
  await looker.next('fleets', ({ fleets }) => fleets[0]?.fault === 'its server does not answer');
  const { asked } = fleet;
  const { t } = looker.messages.findLast(({ type }) => type === 'fleets') as { readonly t: number };
  await looker.next('fleets', (message) => message.t > t + 1_500);
  expect(fleet.asked).toBe(asked);
});

it('says of one that cannot be asked any more why', async () => {
  const fleet = new FakeFleet();
  const { looker } = await shown(fleet);
  Object.defineProperty(fleet, 'workers', { get: () => [{ worker: 'of another version' }] });
  const { fleets } = await looker.next('fleets', ({ fleets }) => fleets[0]?.fault !== undefined);
  expect(fleets[0]!.workers).toEqual([]);
});

it('refuses what is no fleet', async () => {
  await using open = await inspector(graph('other'), { runFile: false });
  expect(() => open.addFleet({} as never)).toThrow(TypeError);
  expect(() => open.addFleet(new FakeFleet(), { title: 'x' } as never)).toThrow(TypeError);
  expect(() => open.addFleet(new FakeFleet(), { name: 7 as never })).toThrow(TypeError);
});
