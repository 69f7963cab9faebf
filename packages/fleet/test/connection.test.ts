import { connectNats } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { describe, expect, it } from 'vitest';

describe('connectNats', () => {
  it('speaks on subjects of its tenant, and is back when the server is', async () => {
    await using server = await startNats();
    await using nats = await connectNats({ servers: server.url, tenant: 'acme' });
    const states: boolean[] = [];
    const back = new Promise<void>((resolve) => {
      nats.onConnected((connected) => {
        states.push(connected);
        if (connected) resolve();
      });
    });
    const heard = nats.nats.subscribe(nats.subject('hello'), { max: 1 });
    await nats.nats.flush();
    await server.restart();
    await back;
    expect(states).toEqual([false, true]);
    nats.nats.publish('acme.hello', 'there');
    for await (const message of heard) expect(message.string()).toBe('there');
  });

  it('says which tenant it is not', async () => {
    await using server = await startNats({ tenants: ['acme', 'other'] });
    const servers = server.url;
    await expect(connectNats({ servers, user: 'acme', password: 'wrong' })).rejects.toMatchObject({
      code: 'SLUICE_FLEET_REFUSED',
    });
    await using acme = await connectNats({ servers, tenant: 'acme', ...server.login('acme') });
    await using other = await connectNats({ servers, tenant: 'other', ...server.login('other') });
    const overheard = acme.nats.subscribe('>');
    await acme.nats.flush();
    other.nats.publish(other.subject('secret'), 'mine');
    await other.nats.flush();
    await acme.nats.flush();
    expect(overheard.getReceived()).toBe(0);
  });

  it('says that nobody is there', async () => {
    await expect(connectNats({ servers: 'nats://127.0.0.1:9', timeoutMs: 500 })).rejects.toMatchObject({
      code: 'SLUICE_FLEET_UNREACHABLE',
    });
  });

  it.each([
    [{ servers: 'nats://nats.example:4222' }, /tls: beyond loopback/],
    [{ servers: 'nats://ada:secret@127.0.0.1:4222' }, /without credentials/],
    [{ servers: ['nats://127.0.0.1', 'tls://127.0.0.1'] }, /one kind/],
    [{ servers: 'http://127.0.0.1' }, /an address as/],
    [{ tenant: 'a.b' }, /letters, digits/],
    [{ tennant: 'a' }, /did you mean tenant/],
  ])('refuses %o at once', async (options, message) => {
    await expect(connectNats(options as object)).rejects.toThrow(message);
  });
});
