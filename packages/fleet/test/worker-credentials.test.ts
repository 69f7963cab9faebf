import { readFileSync } from 'node:fs';
import { type BotContext, connectNats, type FleetConnection, openFleet, startWorker } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const page = readFileSync(new URL('../../../docs/deploying.md', import.meta.url), 'utf8');
const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };

/** The accounts of the page, with passwords, and a second worker like the first. */
function accountsOfThePage(): string {
  const [, accounts] = /^accounts: \{\n([\s\S]*?)^\}/m.exec(page)!;
  const [alice] = /\{ user: "alice"[\s\S]*?\n {4}\} \}/.exec(accounts!)!;
  const both = accounts!.replace(alice, () => `${alice}\n${alice.replaceAll('alice', 'bob')}`);
  return both.replace(/user: "(\w+)", password: "…"/g, 'user: "$1", password: "$1-secret"');
}

let server: LocalNats;
const connections: FleetConnection[] = [];
const as = async (user: string) => {
  const nats = await connectNats({ servers: server.url, tenant: 'acme', ...server.login(user) });
  connections.push(nats);
  return nats;
};
beforeAll(async () => {
  server = await startNats({ accounts: accountsOfThePage() });
  await (await openFleet({ nats: await as('acme') })).close();
});
afterAll(async () => {
  for (const one of connections) await one.close();
  await server?.close();
});

function talking({ keep, log }: BotContext) {
  let end = () => {};
  keep('a word');
  log('a line');
  return { run: () => new Promise<void>((resolve) => (end = resolve)), stop: async () => end() };
}
const worker = (nats: FleetConnection, name: string) =>
  startWorker({ nats, name, limits, leaseMs: 400, factories: { talking } });

/** Resolves when the server has refused each of these subjects. */
async function refused(nats: FleetConnection, use: 'publish' | 'subscribe', subjects: readonly string[]) {
  const seen: unknown[] = [];
  void (async () => {
    for await (const status of nats.nats.status())
      if (status.type === 'error') seen.push((status.error as { readonly subject?: string }).subject);
  })();
  for (const subject of subjects)
    if (use === 'publish') nats.nats.publish(subject, 'x');
    else nats.nats.subscribe(subject, { callback: () => {} });
  await vi.waitFor(() => expect(seen).toEqual(subjects));
}

it('the users of the page are a fleet: jobs are dispatched, run, move, are found after a death and are cancelled', async () => {
  await using fleet = await openFleet({ nats: await as('desk') });
  const doomed = await as('alice');
  const alice = await worker(doomed, 'alice');
  const job = await fleet.dispatch('talking', {}, { job: 'one' });
  expect((await job.started()).worker).toBe(alice.id);
  await using bob = await worker(await as('bob'), 'bob');
  await alice.drain();
  await job.until(({ state, worker: on }) => state === 'running' && on === bob.id);
  await alice.close();
  const again = await as('alice');
  const next = await worker(again, 'alice');
  const other = await fleet.dispatch('talking', {}, { job: 'two' });
  expect((await other.started()).worker).toBe(next.id);
  await again.nats.close();
  await other.until(({ state, worker: on }) => state === 'running' && on === bob.id);
  expect((await fleet.jobs()).map((one) => one.worker)).toEqual([bob.id, bob.id]);
  expect((await job.logs()).map(({ line }) => line)).toContain('a line');
  await job.cancel();
  expect(bob.jobs).toEqual(['two']);
  await other.cancel();
  expect(bob.jobs).toEqual([]);
  const anew = await fleet.dispatch('talking', {}, { job: 'one' });
  expect((await anew.started()).worker).toBe(bob.id);
  await anew.cancel();
});

it('a worker neither beats nor answers as another, and reads no answers to others', async () => {
  const alice = await as('alice');
  const spoken = ['acme.beats.bob.bob-000000', '_INBOX.acme.bob.x.1', '$JS.API.STREAM.DELETE.KV_acme-jobs'];
  await refused(alice, 'publish', spoken);
  const read = ['>', '_INBOX.>', '_INBOX.acme.bob.>', 'acme.workers.bob.*', 'acme.workers.>', 'acme.links.>'];
  await refused(alice, 'subscribe', read);
  await expect(worker(alice, 'bob')).rejects.toMatchObject({ code: 'SLUICE_FLEET_REFUSED' });
});

it('who dispatches takes no job, writes no lease and no log, and speaks as no worker', async () => {
  const desk = await as('desk');
  const spoken = [
    'acme.beats.desk.desk-000000',
    '$JS.API.CONSUMER.MSG.NEXT.acme-queue.schedulers',
    '$KV.acme-leases.desk-000000',
    'acme.logs.one',
    'acme.links.guest.frames',
  ];
  await refused(desk, 'publish', spoken);
  const read = ['>', '_INBOX.acme.alice.>', 'acme.workers.desk.*', 'acme.logs.*'];
  await refused(desk, 'subscribe', read);
  await expect(worker(desk, 'desk')).rejects.toMatchObject({ code: 'SLUICE_FLEET_REFUSED' });
  await expect(openFleet({ nats: await as('guest') })).rejects.toMatchObject({ code: 'SLUICE_FLEET_REFUSED' });
});

it('a beat of somebody else, a question without ground and what is none at all change nothing', async () => {
  const [all, alice] = [await as('acme'), await as('alice')];
  await using bob = await worker(await as('bob'), 'bob');
  await using fleet = await openFleet({ nats: await as('desk') });
  const job = await fleet.dispatch('talking', {}, { job: 'three' });
  await job.started();
  const beat = await vi.waitFor(() => fleet.workers.find((one) => one.worker === bob.id) ?? Promise.reject());
  alice.nats.publish('acme.beats.alice.alice-000000', JSON.stringify({ ...beat, revision: 1e9, draining: true }));
  const own = { ...beat, worker: 'alice-000000' };
  for (const odd of ['', '{', 'null', '[]', '7', JSON.stringify({ ...own, load: {} }), JSON.stringify(own.load)]) {
    alice.nats.publish('acme.beats.alice.alice-000000', odd);
    await all.nats.request(`acme.workers.bob.${bob.id}`, odd, { timeout: 50 }).catch(() => {});
  }
  await alice.nats.flush();
  const asked = JSON.stringify({ ask: 'cancel', job: job.name });
  const answer = await all.nats.request(`acme.workers.bob.${bob.id}`, asked);
  expect(answer.json()).toMatchObject({ status: 'gone' });
  expect(bob.jobs).toEqual(['three']);
  const heard = fleet.workers.filter(({ worker: one }) => one !== beat.worker || one === 'alice-000000');
  expect(heard).toEqual([]);
  expect(fleet.workers[0]).toMatchObject({ worker: bob.id, draining: false });
  await job.cancel();
});
