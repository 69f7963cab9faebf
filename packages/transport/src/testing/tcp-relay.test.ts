import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { VirtualClock } from '@sluice/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TcpRelay } from './tcp-relay.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function setup(clock = new VirtualClock()) {
  const accepted: Socket[] = [];
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    accepted.push(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = await TcpRelay.open({ port: (server.address() as { port: number }).port, clock });
  const dial = async () => {
    const socket = connect(relay.port, '127.0.0.1');
    cleanups.push(() => socket.destroy());
    const heard: string[] = [];
    const events: string[] = [];
    socket.on('data', (bytes) => heard.push(bytes.toString()));
    socket.on('end', () => events.push('end'));
    socket.on('close', () => events.push('close'));
    socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? 'error'));
    const before = accepted.length;
    await vi.waitFor(() => expect(accepted.length + events.length).toBeGreaterThan(before));
    return { socket, far: accepted.at(-1)!, heard, events, text: () => heard.join('') };
  };
  cleanups.push(
    () => server.close(),
    () => relay.close(),
    () => accepted.forEach((socket) => void socket.destroy()),
  );
  return { relay, clock, dial };
}

const collect = (socket: Socket) => {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString();
  });
  return () => text;
};

/** Lets real sockets carry what they have. */
const rest = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('TcpRelay', () => {
  it('carries both ways, a megabyte too, and passes an end on', async () => {
    const { relay, dial } = await setup();
    const { socket, far, text, events } = await dial();
    const heard = collect(far);
    socket.write('x'.repeat(1_000_000));
    await vi.waitFor(() => expect(heard().length).toBe(1_000_000));
    far.end('bye');
    await vi.waitFor(() => expect(events).toContain('close'));
    expect(text()).toBe('bye');
    expect(relay.counts).toMatchObject({ accepted: 1, bytes: 1_000_003 });
    await vi.waitFor(() => expect(relay.counts.open).toBe(0));
  });

  it('stalls for a while and loses nothing', async () => {
    const { relay, clock, dial } = await setup();
    const { socket, far } = await dial();
    const heard = collect(far);
    const stalled = relay.stall(1000);
    socket.write('late');
    await rest();
    await clock.advance(999);
    expect(heard()).toBe('');
    await clock.advance(1);
    await stalled;
    await vi.waitFor(() => expect(heard()).toBe('late'));
  });

  it('cuts: connections end and new ones are refused until it is over', async () => {
    const { relay, clock, dial } = await setup();
    const { events } = await dial();
    const cut = relay.cut(500);
    await vi.waitFor(() => expect(events).toContain('close'));
    const refused = await dial();
    await vi.waitFor(() => expect(refused.events).toContain('close'));
    await clock.advance(500);
    await cut;
    const again = await dial();
    again.socket.write('hello');
    const heard = collect(again.far);
    await vi.waitFor(() => expect(heard()).toBe('hello'));
  });

  it('resets both ends', async () => {
    const { relay, dial } = await setup();
    const { far, events } = await dial();
    const closed = new Promise<void>((resolve) => far.once('close', () => resolve()));
    relay.reset();
    await vi.waitFor(() => expect(events).toContain('ECONNRESET'));
    await closed;
  });

  it('leaves connections half open: silence, no end, new ones work', async () => {
    const { relay, dial } = await setup();
    const { socket, far, events } = await dial();
    const heard = collect(far);
    let ended = false;
    far.on('end', () => {
      ended = true;
    });
    relay.halfOpen();
    socket.write('into the void');
    far.write('nor back');
    await rest();
    expect([heard(), events, ended]).toEqual(['', [], false]);
    socket.end();
    await rest();
    expect(ended).toBe(false);
    const fresh = await dial();
    const freshHeard = collect(fresh.far);
    fresh.socket.write('alive');
    await vi.waitFor(() => expect(freshHeard()).toBe('alive'));
  });

  it('drips a byte at a time', async () => {
    const { relay, clock, dial } = await setup();
    const { socket, far } = await dial();
    const heard = collect(far);
    relay.setDrip(100);
    socket.write('abc');
    await vi.waitFor(() => expect(heard()).toBe('a'));
    await clock.advance(100);
    await vi.waitFor(() => expect(heard()).toBe('ab'));
    relay.restore();
    await clock.advance(100);
    await vi.waitFor(() => expect(heard()).toBe('abc'));
  });

  it('refuses ports and rates that are none', async () => {
    await expect(TcpRelay.open({ port: 0 })).rejects.toThrow(RangeError);
    const { relay } = await setup();
    expect(() => relay.setDrip(0)).toThrow(RangeError);
  });

  it('does what it is told to at a piece of either side, before that is carried', async () => {
    const { relay, dial } = await setup();
    const { socket, far, text, events } = await dial();
    const heard = collect(far);
    relay.atPiece(3, () => relay.reset());
    socket.write('one');
    await vi.waitFor(() => expect(heard()).toBe('one'));
    far.write('two');
    await vi.waitFor(() => expect(text()).toBe('two'));
    expect(events).toEqual([]);
    socket.write('three');
    await vi.waitFor(() => expect(events).toContain('close'));
    expect(heard()).toBe('one');
    const again = await dial();
    const later = collect(again.far);
    again.socket.write('four');
    await vi.waitFor(() => expect(later()).toBe('four'));
    for (const number of [0, 1.5, Number.NaN, -1]) expect(() => relay.atPiece(number, () => {})).toThrow(RangeError);
  });
});
