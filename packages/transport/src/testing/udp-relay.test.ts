import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { VirtualClock } from '@sluice/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { relayCandidate } from './impair.ts';
import { ImpairedPath } from './impaired-path.ts';
import { UdpRelay, type UdpRelayOptions } from './udp-relay.ts';

interface Peer {
  readonly port: number;
  readonly heard: { readonly text: string; readonly from: number }[];
  send(text: string, port: number): void;
  until(count: number): Promise<void>;
}

const opened: { close(): void }[] = [];

afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

async function peer(): Promise<Peer> {
  const socket: Socket = createSocket('udp4');
  opened.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const heard: { text: string; from: number }[] = [];
  socket.on('message', (message, from) => heard.push({ text: message.toString(), from: from.port }));
  return {
    port: socket.address().port,
    heard,
    send: (text, port) => socket.send(text, port, '127.0.0.1'),
    until: async (count) => {
      while (heard.length < count) await once(socket, 'message');
    },
  };
}

async function path(options: UdpRelayOptions = {}) {
  const [near, far] = [await peer(), await peer()];
  const relay = await UdpRelay.open(options);
  opened.push(relay);
  return { near, far, relay, nearPort: relay.relayed('local', near.port), farPort: relay.relayed('remote', far.port) };
}

/** Until the relay has seen `count` packets: real sockets, so the loop has to turn. */
async function seen(relay: UdpRelay, count: number): Promise<void> {
  while (relay.counts.sent < count) await new Promise((resolve) => setImmediate(resolve));
}

describe('UdpRelay', () => {
  it('carries both ways, each seen under its stand-in', async () => {
    const { near, far, nearPort, farPort, relay } = await path();
    near.send('there', farPort);
    await far.until(1);
    far.send('back', far.heard[0]!.from);
    await near.until(1);
    expect(far.heard).toEqual([{ text: 'there', from: nearPort }]);
    expect(near.heard).toEqual([{ text: 'back', from: farPort }]);
    expect(relay.relayed('local', near.port)).toBe(nearPort);
    expect(relay.counts).toMatchObject({ sent: 2, delivered: 2, dropped: 0, waiting: 0 });
  });

  it('accounts for every packet, the same for the same seed', async () => {
    const run = async (seed: number) => {
      const { near, far, farPort, relay } = await path({ seed, loss: 0.2, duplicate: 0.1 });
      for (let index = 0; index < 300; index++) {
        near.send(String(index), farPort);
        await seen(relay, index + 1);
      }
      const { sent, delivered, dropped, duplicated, waiting } = relay.counts;
      expect(sent).toBe(300);
      expect(delivered + dropped + waiting - duplicated).toBe(sent);
      await far.until(delivered);
      return far.heard.map(({ text }) => text);
    };
    const first = await run(3);
    expect(first.length).toBeGreaterThan(200);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });

  it('delays by its clock, holds and lets go, each packet once', async () => {
    const clock = new VirtualClock();
    const { near, far, farPort, relay } = await path({ clock, delayMs: 50 });
    const impaired = new ImpairedPath(relay);
    near.send('delayed', farPort);
    await seen(relay, 1);
    await clock.advance(49);
    expect(relay.counts).toMatchObject({ delivered: 0, waiting: 1 });
    const held = impaired.hold(100);
    near.send('held', farPort);
    await seen(relay, 2);
    await clock.advance(1);
    expect(relay.counts).toMatchObject({ delivered: 1, waiting: 1 });
    await clock.advance(99);
    await held;
    expect(relay.counts).toMatchObject({ delivered: 2, waiting: 0 });
    await clock.run();
    await far.until(2);
    expect(far.heard.map(({ text }) => text)).toEqual(['delayed', 'held']);
  });

  it('cuts for a while, one way or both, by a script', async () => {
    const clock = new VirtualClock();
    const { near, far, nearPort, farPort, relay } = await path({ clock });
    const impaired = new ImpairedPath(relay);
    const script = impaired.after(1000, (each) => each.cut(500, 'outgoing'));
    await clock.advance(1200);
    near.send('lost', farPort);
    far.send('heard', nearPort);
    await near.until(1);
    await seen(relay, 2);
    expect(relay.counts.reasons).toEqual({ cut: 1 });
    await clock.advance(400);
    await script;
    near.send('again', farPort);
    await far.until(1);
    expect(far.heard.map(({ text }) => text)).toEqual(['again']);
    await impaired.cut(Number.POSITIVE_INFINITY);
    near.send('cut', farPort);
    await seen(relay, 4);
    impaired.restore();
    near.send('restored', farPort);
    await far.until(2);
    await expect(impaired.cut(-1)).rejects.toThrow(RangeError);
  });

  it('rebinds: new source ports, the old ones are dead', async () => {
    const { near, far, nearPort, farPort, relay } = await path();
    near.send('before', farPort);
    await far.until(1);
    relay.rebind();
    far.send('to the old', nearPort);
    await seen(relay, 2);
    expect(relay.counts.reasons).toEqual({ 'no-path': 1 });
    near.send('after', farPort);
    await far.until(2);
    expect(far.heard[1]!.from).not.toBe(nearPort);
    far.send('to the new', far.heard[1]!.from);
    await near.until(1);
    expect(near.heard).toEqual([{ text: 'to the new', from: farPort }]);
  });

  it('drops what comes from an address nobody announced', async () => {
    const { farPort, relay } = await path();
    (await peer()).send('stranger', farPort);
    await seen(relay, 1);
    expect(relay.counts).toMatchObject({ delivered: 0, dropped: 1, reasons: { 'no-path': 1 } });
  });

  it('opens more sockets as they go, and refuses after closing', async () => {
    const relay = await UdpRelay.open({ sockets: 2 });
    opened.push(relay);
    relay.relayed('local', 1);
    relay.relayed('local', 2);
    expect(() => relay.relayed('local', 3)).toThrow(RangeError);
    await vi.waitFor(() => expect(relay.relayed('local', 3)).toBeGreaterThan(0));
    relay.close();
    relay.close();
    expect(() => relay.relayed('local', 4)).toThrow(/open relay/);
    await expect(UdpRelay.open({ sockets: 0 })).rejects.toThrow(RangeError);
    // No name, and an address that no machine has.
    for (const host of ['localhost', '203.0.113.9'])
      await expect(UdpRelay.open({ host })).rejects.toThrow(/address of this machine/);
  });
});

describe('relayCandidate', () => {
  it('rewrites udp of its host, 127.0.0.1, and drops the rest', async () => {
    const relay = await UdpRelay.open({ sockets: 2 });
    opened.push(relay);
    const line = (protocol: string, address: string) =>
      `candidate:1 1 ${protocol} 2122260223 ${address} 50000 typ host generation 0 ufrag x`;
    const mapped = relayCandidate(relay, line('udp', '127.0.0.1'), 'local');
    expect(mapped).toBe(line('udp', '127.0.0.1').replace('50000', String(relay.relayed('local', 50_000))));
    expect(relayCandidate(relay, line('tcp', '127.0.0.1'), 'local')).toBeUndefined();
    expect(relayCandidate(relay, line('udp', '10.0.0.1'), 'local')).toBeUndefined();
    expect(relayCandidate(relay, 'nonsense', 'local')).toBeUndefined();
  });
});
