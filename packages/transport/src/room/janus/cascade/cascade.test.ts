import { SluiceError } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { feedOn } from '../members/feed-role.ts';
import type { JanusClient, JanusClientEvents } from '../wire/janus-client.ts';
import { janusError } from '../wire/janus-errors.ts';
import type { JanusHandle, PluginEvent } from '../wire/janus-handle.ts';
import { Cascade, type CascadeOptions } from './cascade.ts';
import { Home } from './home.ts';

const NO_SUCH_FEED = 428;

/** One server of the room, as far as it is asked: it knows what is passed on, and forgets each once. */
class Server {
  readonly url: URL;
  readonly relays = new Set<unknown>();
  /** What it was asked, by whom. */
  readonly asked: { readonly by: string; readonly request: unknown; readonly id: unknown }[] = [];

  constructor(host: string) {
    this.url = new URL(`ws://${host}`);
  }

  handleOf(by: string): JanusHandle {
    const ask = async (body: { readonly request: string; readonly id?: unknown }): Promise<PluginEvent> => {
      const { request, id } = body;
      this.asked.push({ by, request, id });
      if (request === 'remove_remote_publisher' && !this.relays.delete(id))
        throw janusError(NO_SUCH_FEED, 'no such feed', 'to end it');
      return { data: {}, jsep: undefined };
    };
    return { ask, listen: () => {} } as unknown as JanusHandle;
  }

  clientOf(by: string): JanusClient {
    const client = { connected: true, attach: async () => this.handleOf(by), start: () => {}, close: () => {} };
    return client as unknown as JanusClient;
  }

  requestsOf(by: string): unknown[] {
    return this.asked.filter((one) => one.by === by).map(({ request }) => request);
  }
}

let clock: VirtualClock;
let servers: readonly Server[];
let reported: unknown[];
beforeEach(() => {
  clock = new VirtualClock();
  servers = ['one', 'two', 'three'].map((host) => new Server(host));
  reported = [];
});

const serverAt = ({ host }: URL) => servers.find(({ url }) => url.host === host)!;

const optionsOf = (id: string, where: Home, among: readonly Server[]): CascadeOptions => ({
  clock,
  id,
  servers: among.map(({ url }) => url),
  where,
  home: servers[0]!.handleOf(id),
  room: { room: 'hello' },
  open: async (url) => serverAt(url).clientOf(id),
  enter: async () => ({}),
  display: () => id,
  event: () => {},
  report: (error) => reported.push(error),
});

/** A participant who publishes to the first server and is present on the others. */
async function enter(id: string) {
  const where = new Home(servers[0]!.url);
  const cascade = new Cascade(optionsOf(id, where, servers));
  await clock.advance(1);
  return { cascade, where };
}

test('a server that will not have us is told of once, and again when it has had us in between; one that is away is not', async () => {
  const refusals = [
    janusError(430, 'Invalid room', 'to join the room'),
    janusError(430, 'Invalid room', 'to join the room'),
    new SluiceError('SLUICE_ROOM_LOST', 'away'),
  ];
  const where = new Home(servers[0]!.url);
  const clients: { lost: () => void }[] = [];
  const cascade = new Cascade({
    ...optionsOf('ada', where, servers.slice(0, 2)),
    open: async (url) => {
      const start = ({ lost }: JanusClientEvents) => clients.push({ lost: () => lost(janusError(458, 'gone', 'it')) });
      return { ...serverAt(url).clientOf('ada'), start } as unknown as JanusClient;
    },
    enter: async () => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
    },
  });
  await clock.advance(10_000);
  expect(reported).toMatchObject([{ code: 'SLUICE_ROOM_URL', message: expect.stringMatching(/two is passed over/) }]);
  refusals.push(janusError(433, 'wrong secret', 'the secret'));
  clients[0]!.lost();
  await clock.advance(10_000);
  expect(reported).toMatchObject([{}, { code: 'SLUICE_ROOM_TOKEN' }]);
  await cascade.close();
});

test('two who lose a server in the same moment move each itself alone, and stay present on all others', async () => {
  const participants = await Promise.all(['ada', 'grace'].map(async (id) => ({ id, ...(await enter(id)) })));
  for (const { cascade } of participants) cascade.signalling('interrupted');
  await clock.advance(1_500);
  for (const { cascade, where } of participants) {
    // The next socket goes there, and it lets us in.
    where.dial();
    cascade.signalling('connected');
  }
  await clock.advance(1);
  for (const { id, where } of participants) {
    expect(where.url.host).not.toBe('one');
    // One place on the server that it moved to, where it publishes now, and the one that it had on the other.
    for (const server of servers.slice(1)) {
      const left = server.requestsOf(id).filter((request) => request === 'leave');
      expect(left).toHaveLength(server.url.host === where.url.host ? 1 : 0);
    }
  }
  for (const { asked } of servers)
    for (const { by, id } of asked) expect([undefined, by]).toContain(`${id ?? by}`.split('~')[0]);
  expect(reported).toEqual([]);
});

test('media of nobody that two sweep in the same moment ends once, and neither is told of a fault', async () => {
  const [ada, grace] = await Promise.all([enter('ada'), enter('grace')]);
  const home = servers[0]!;
  for (const id of ['mary', 'joan']) home.relays.add(feedOn(id, 'relay'));
  for (const { cascade } of [ada, grace]) cascade.sweep([feedOn('mary', 'relay')]);
  await clock.advance(1);
  expect(home.asked.map(({ by, id }) => `${by} ${id}`)).toEqual(
    ['ada', 'grace'].map((by) => `${by} ${feedOn('mary', 'relay')}`),
  );
  // What is of somebody else stays.
  expect([...home.relays]).toEqual([feedOn('joan', 'relay')]);
  expect(reported).toEqual([]);
});
