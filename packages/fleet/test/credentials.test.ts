import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SluiceError } from '@sluice/core';
import { connectNats, type FleetConnection, fromSubject, openFleet, startWorker, toSubject } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ears, joined, numbers } from './numbered-sound.ts';

const file = (name: string) => readFileSync(new URL(`../../transport/test/tls/${name}`, import.meta.url), 'utf8');
const [cert, key] = [file('localhost.cert.pem'), file('localhost.key.pem')];
/** One of its own authority, for this machine. */
const tls = { cert, key, ca: cert };

let server: LocalNats;
const connections: FleetConnection[] = [];
const as = async (user: string, tenant = 'acme') => {
  const nats = await connectNats({ servers: server.url, tenant, tls, ...server.login(user) });
  connections.push(nats);
  return nats;
};
beforeAll(async () => {
  // Two bots of one tenant, each with its own side of one link, and nothing else.
  const [frames, credit] = ['acme.links.guest.frames', 'acme.links.guest.credit'];
  server = await startNats({
    tls,
    tenants: ['acme', 'other'],
    users: [
      { tenant: 'acme', user: 'guest', publish: [frames], subscribe: [credit] },
      { tenant: 'acme', user: 'desk', publish: [credit], subscribe: [frames] },
      { tenant: 'acme', user: 'mute', publish: ['acme.nothing'], subscribe: [frames, credit] },
    ],
  });
});
afterAll(async () => {
  for (const one of connections) await one.close();
  await server?.close();
});

describe('NATS by TLS', () => {
  it.each([
    ['a certificate that nobody vouches for', () => ({ tls: { cert: tls.cert, key: tls.key } }), 'SLUICE_FLEET_TLS'],
    ['the password of another', () => ({ tls, user: 'acme', password: 'other-secret' }), 'SLUICE_FLEET_REFUSED'],
    ['no certificate of its own', () => ({ tls: { ca: tls.ca }, timeoutMs: 300 }), 'SLUICE_FLEET_UNREACHABLE'],
  ])('is refused with %s', async (_, options, code) => {
    await expect(connectNats({ servers: server.url, ...options() })).rejects.toMatchObject({ code });
  });

  it('says at once that a key is of another certificate, and not which', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const odd = { ...tls, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
    const error = await connectNats({ servers: server.url, tls: odd }).catch((error: unknown) => error);
    expect(String(error)).toMatch(/connectNats.tls/);
    expect(String(error)).not.toContain('PRIVATE');
  });
});

it('a tenant that listens to everything hears nothing of another: no job, no frame, no answer', async () => {
  const [acme, other] = [await as('acme'), await as('other', 'other')];
  const overheard: string[] = [];
  acme.nats.subscribe('>', { callback: (_, { subject }) => void overheard.push(subject) });
  await acme.nats.flush();
  const greeting = async () => ({ run: async () => {}, stop: async () => {} });
  const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
  await using _ = await startWorker({ nats: other, limits, factories: { greeting } });
  await using fleet = await openFleet({ nats: other });
  await (await fleet.dispatch('greeting', {})).ended();
  other.nats.publish('other.links.guest.frames', 'mine');
  await other.nats.flush();
  await acme.nats.flush();
  expect(overheard).toEqual([]);
});

describe('credentials of one bot', () => {
  it('are good for its side of its link', async () => {
    const ears = new Ears();
    const far = joined('far', numbers(10), toSubject(await as('guest'), 'guest'));
    const near = joined('near', fromSubject(await as('desk'), 'guest'), ears.sink);
    await Promise.all([far.run(), near.run()]);
    expect(ears.numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('that may not speak on it end either side, and tell which subject they want', async () => {
    const nats = await as('mute');
    const faults: SluiceError[] = [];
    nats.onFault((fault) => faults.push(fault));
    for (const what of ['frames', 'credit']) {
      const link =
        what === 'credit'
          ? joined('near', fromSubject(nats, 'guest'), new Ears().sink)
          : joined('far', numbers(10), toSubject(nats, 'guest'));
      const said = `publish of acme\\.links\\.guest\\.${what}.*Add the subject to .permissions.publish`;
      await expect(link.run()).rejects.toMatchObject({
        code: 'SLUICE_FLEET_REFUSED',
        message: expect.stringMatching(new RegExp(said)),
      });
    }
    // Each once, however often it was tried.
    nats.nats.publish('acme.links.guest.credit', 'again');
    await nats.nats.flush();
    expect(faults.map(({ message }) => /publish of (\S+)"/.exec(message)?.[1]).sort()).toEqual([
      'acme.links.guest.credit',
      'acme.links.guest.frames',
    ]);
  });

  it('are good for nothing else: not the other side, not another link, no jobs', async () => {
    const nats = await as('guest');
    const refused = { code: 'SLUICE_FLEET_REFUSED' };
    const listens = joined('thief', fromSubject(nats, 'guest'), new Ears().sink);
    await expect(listens.run()).rejects.toMatchObject(refused);
    const speaks = joined('thief', numbers(10), toSubject(nats, 'another'));
    await expect(speaks.run()).rejects.toMatchObject(refused);
    await expect(openFleet({ nats })).rejects.toMatchObject(refused);
  });
});
