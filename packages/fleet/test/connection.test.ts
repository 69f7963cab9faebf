import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { nkeys } from '@nats-io/transport-node';
import { connectNats } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { hear } from '../src/connection/hear.ts';
import { issuedCredentials } from './issued-credentials.ts';

describe('connectNats', () => {
  it('speaks on subjects of its tenant, and is back when the server is', async () => {
    await using server = await startNats({ lines: ['authorization { token: "a token of all" }'] });
    await expect(connectNats({ servers: server.url, token: 'another' })).rejects.toMatchObject({
      code: 'SLUICE_FLEET_REFUSED',
    });
    await using nats = await connectNats({ servers: server.url, tenant: 'acme', token: 'a token of all' });
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

  it('tells who waits for the server at once that the connection is closed for good', async () => {
    await using server = await startNats();
    const nats = await connectNats({ servers: server.url });
    const gone = new Promise<void>((resolve) => nats.onConnected((connected) => connected || resolve()));
    await server.kill();
    await gone;
    const waited = nats.back(60_000).catch((error: Error) => error.message);
    await nats.close();
    expect(await waited).toMatch(/closed meanwhile/);
  });

  it('keeps no subscription of which the server went before it said that it has it', async () => {
    await using server = await startNats();
    await using nats = await connectNats({ servers: server.url });
    const { protocol } = nats.nats as unknown as { readonly protocol: { readonly subscriptions: { size(): number } } };
    const before = protocol.subscriptions.size();
    await hear(nats, nats.subject('hello'), () => {});
    expect(protocol.subscriptions.size()).toBe(before + 1);
    server.process.kill('SIGSTOP');
    // The signal takes a moment to reach all of its threads.
    await vi.waitFor(async () => {
      const stat = await readFile(`/proc/${server.process.pid}/stat`, 'utf8');
      expect(stat.split(') ')[1]).toMatch(/^T/);
    });
    const heard = hear(nats, nats.subject('other'), () => {}).catch((error: Error) => error.message);
    await server.kill();
    expect(await heard).toMatch(/went before it answered/);
    expect(protocol.subscriptions.size()).toBe(before + 1);
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

  it('shows credentials that were issued, reads them anew when they have ended, and says that they have', async () => {
    const { lines, creds } = issuedCredentials();
    await using server = await startNats({ jetStream: false, lines });
    const inSeconds = (seconds: number) => creds('ada', Math.floor(Date.now() / 1_000) + seconds);
    const open = (given: string | (() => string)) => connectNats({ servers: server.url, creds: given });
    await expect(open(inSeconds(-60))).rejects.toMatchObject({
      code: 'SLUICE_FLEET_REFUSED',
      message: expect.stringMatching(/the credentials have ended; received "an end at 20.*Have new ones made/),
    });
    await expect(open(issuedCredentials().creds('ada', 4e9))).rejects.toMatchObject({
      code: 'SLUICE_FLEET_REFUSED',
      message: expect.stringMatching(/does not know the credentials/),
    });
    const given = [inSeconds(60), 'half a fi', inSeconds(60)];
    const read: string[] = [];
    await using nats = await open(() => {
      read.push(given[0]!);
      return given.length > 1 ? given.shift()! : given[0]!;
    });
    const back = new Promise<void>((resolve) => nats.onConnected((connected) => connected && resolve()));
    await server.restart();
    await back;
    expect(new Set(read).size).toBe(3);
  });

  it('keeps no socket to a server that takes the connection and says nothing, or stops within TLS', async () => {
    const greetings = ['', 'INFO {"tls_required":true,"max_payload":1048576}\r\n'];
    const open = new Set<Socket>();
    const ports = await Promise.all(
      greetings.map(async (greeting) => {
        const silent = createServer((socket) => {
          open.add(socket.on('close', () => open.delete(socket)).on('error', () => {}));
          socket.resume().write(greeting);
        }).listen(0, '127.0.0.1');
        onTestFinished(() => void silent.close());
        await once(silent, 'listening');
        return (silent.address() as AddressInfo).port;
      }),
    );
    await using server = await startNats({ jetStream: false });
    const [mute, stuck] = ports.map((port) => `127.0.0.1:${port}`);
    const timeoutMs = 100;
    const refused = { code: 'SLUICE_FLEET_UNREACHABLE' };
    for (const servers of [`nats://${mute}`, `tls://${stuck}`])
      await expect(connectNats({ servers, timeoutMs })).rejects.toMatchObject(refused);
    // One of them after the other, in an order that the client draws.
    const all = await Promise.all(
      Array.from({ length: 4 }, () => connectNats({ servers: [`nats://${mute}`, server.url], timeoutMs })),
    );
    await vi.waitFor(() => expect(open.size).toBe(0));
    for (const nats of all) {
      await nats.nats.flush();
      await nats.close();
    }
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
    [{ servers: [] }, /connectNats.servers .* one or more; received \[\]/],
    [{ servers: null }, /connectNats.servers .*received null/],
    [{ name: 'x'.repeat(5_000) }, /connectNats.name .* at most 255/],
    [{ name: 5 }, /connectNats.name/],
    ...[Number.NaN, 0, -1, Infinity, 1e12, '5'].map((timeoutMs): [object, RegExp] => [
      { timeoutMs },
      /connectNats.timeoutMs .* from 1 to 2147483647/,
    ]),
    [{ tennant: 'a' }, /did you mean tenant/],
    [{ nkey: 'SUAM' }, /connectNats.nkey .* seed of a user.*"\(hidden\)"/],
    [{ nkey: Buffer.from(nkeys.createAccount().getSeed()).toString() }, /seed of a user/],
    [{ creds: 'eyJ0.eyJ0.abc' }, /connectNats.creds .* a JWT of a user and its seed.*"\(hidden\)"/],
    [{ token: 'a', user: 'ada', password: 'b' }, /one of password, token, nkey, creds; received "password and token"/],
    [{ token: 'a', user: 'ada' }, /a token without user/],
    [{ token: '' }, /connectNats.token .* not empty/],
  ])('refuses %o at once', async (options, message) => {
    await expect(connectNats(options as object)).rejects.toThrow(message);
  });
});
