import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { realClock } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { ServiceSocket, type ServiceSocketOptions, type SocketEnd } from '@sluice/service';
import { type LocalFault, startService } from '@sluice/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const identity = { model: 'model', service: 'Example', secrets: ['key'] };

type Local = Awaited<ReturnType<typeof startService>>;
let service: Local;
beforeAll(async () => {
  service = await startService({
    sockets: {
      // Says hello at once, and everything again.
      '/echo': (socket) => {
        void socket.send({ hello: true });
        socket.onMessage((message) => void socket.send(message as object));
      },
    },
  });
});
afterAll(() => service.close());

async function open(
  fault: LocalFault,
  more: Partial<ServiceSocketOptions> = {},
  signal = new AbortController().signal,
) {
  if (fault.type !== 'none') service.fail(fault);
  const messages: unknown[] = [];
  const ends: SocketEnd[] = [];
  const socket = await ServiceSocket.open(
    { clock: realClock, signal },
    {
      identity,
      url: `${service.socketUrl}/echo`,
      onMessage: (message) => messages.push(message),
      onEnd: (end) => ends.push(end),
      ...more,
    },
  );
  return { socket, messages, ends };
}
/** A server that says at most one thing, and reads no further. */
async function startMute(answer: (data: Buffer) => string = () => '') {
  const connections: Socket[] = [];
  const server = createServer((tcp) => {
    connections.push(tcp);
    tcp.on('error', () => {});
    tcp.once('data', (data) => {
      tcp.write(answer(data));
      tcp.pause();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      for (const tcp of connections) tcp.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** RFC 6455, 4.2.2. */
function acceptUpgrade(request: string): string {
  const key = /sec-websocket-key: (.+)\r/i.exec(request)?.[1];
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const lines = ['HTTP/1.1 101 Go', 'upgrade: websocket', 'connection: upgrade', `sec-websocket-accept: ${accept}`];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const none = { type: 'none' } as const;

describe('ServiceSocket', () => {
  it('sends and is told JSON and bytes, from the first message on', async () => {
    const { socket, messages, ends } = await open(none, { onBinary: (bytes) => messages.push([...bytes]) });
    await socket.send({ one: 1 });
    await socket.send(new Uint8Array([1, 2]));
    await expect.poll(() => messages).toEqual([{ hello: true }, { one: 1 }, [1, 2]]);
    await Promise.all([socket.close(), socket.close()]);
    expect(ends).toEqual([{ code: 1000, reason: '' }]);
    expect(socket.send('more')).toBeUndefined();
  });

  it('says farewell and closes when the signal aborts', async () => {
    const abort = new AbortController();
    const { ends } = await open(none, { farewell: () => ({ type: 'Close' }) }, abort.signal);
    abort.abort();
    await expect.poll(() => ends).toEqual([{ code: 1000, reason: '' }]);
    expect(service.sockets.at(-1)).toMatchObject({ received: [{ type: 'Close' }], closed: { code: 1000 } });
  });

  it.each([
    ['401', { type: 'status', status: 401, body: { error: 'no key for you: key' } }, 'give-up', /`apiKey`/],
    ['429', { type: 'status', status: 429, headers: { 'retry-after': '7' } }, 'wait', /429/],
    ['500', { type: 'status', status: 500, body: 'oh' }, 'retry', /oh/],
    ['refuse', { type: 'refuse' }, 'retry', /no connection/],
  ] as const)('does not open: %s', async (_, fault, category, message) => {
    const error = await open(fault).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ category, message: expect.stringMatching(message) });
    expect(String(error)).not.toMatch(/\bkey\b/);
  });

  it('does not wait for the end of what a refusal says', async () => {
    await using mute = await startMute(() => 'HTTP/1.1 502 Bad\r\ncontent-type: text/html\r\n\r\n<h1>Bad gateway');
    const opening = open(none, { url: mute.url });
    await expect(opening).rejects.toMatchObject({ category: 'retry', message: expect.stringMatching(/502/) });
  });

  it('does not open at what does not answer', async () => {
    await using mute = await startMute();
    const opening = open(none, { url: mute.url, connectMs: 50 });
    await expect(opening).rejects.toMatchObject({ category: 'retry', message: expect.stringMatching(/within 50 ms/) });
  });

  it.each([
    ['cut', { type: 'cut', afterBytes: 0 }, 'retry', /ended/],
    ['1000', { type: 'close', code: 1000, reason: 'bye', afterMessages: 1 }, 'retry', /bye/],
    ['1008', { type: 'close', code: 1008, reason: 'not allowed', afterMessages: 1 }, 'give-up', /not allowed/],
    ['1011', { type: 'close', code: 1011, reason: 'oh', afterMessages: 1 }, 'retry', /oh/],
    ['1013', { type: 'close', code: 1013, reason: 'later', afterMessages: 1 }, 'wait', /later/],
    ['3000', { type: 'close', code: 3000, reason: 'no', afterMessages: 1 }, 'give-up', /`apiKey`/],
    ['4001', { type: 'close', code: 4001, reason: 'key', afterMessages: 1 }, 'fall-back', /hidden/],
    ['no JSON', { type: 'insert', text: '{"half' }, 'fall-back', /no JSON/],
    ['bytes for text', { type: 'replace', body: 'x', contentType: '' }, 'fall-back', /1 bytes for text/],
    ['too long', { type: 'flood', bytes: 20_000 }, 'retry', /failed/],
  ] as const)('ends with what helps: %s', async (_, fault, category, message) => {
    const { ends } = await open(fault, { mostMessageBytes: 10_000 });
    await expect.poll(() => ends.length).toBe(1);
    expect(ends[0]?.error).toMatchObject({ category, message: expect.stringMatching(message) });
  });

  it('reads close codes as its service means them', async () => {
    const fault = { type: 'close', code: 4008, reason: 'slow down', afterMessages: 1 } as const;
    const { ends } = await open(fault, {
      faultOf: (code) => (code === 4008 ? { status: 429, code: 'rate' } : undefined),
    });
    await expect.poll(() => ends[0]?.error).toMatchObject({ category: 'wait', message: expect.stringMatching(/rate/) });
  });

  it('ends with a message whose reader throws', async () => {
    const { ends } = await open(none, {
      onMessage: () => {
        throw new Error('what is this?');
      },
    });
    await expect.poll(() => ends[0]?.error).toMatchObject({ message: expect.stringMatching(/what is this/) });
  });

  it('keeps a connection alive, and ends one that gives no sign of life', async () => {
    const keepAlive = { everyMs: 10, message: () => ({ type: 'KeepAlive' }) };
    const { socket, messages, ends } = await open(none, { pingMs: 20, keepAlive });
    await expect.poll(() => messages.length).toBeGreaterThan(10);
    expect(ends).toEqual([]);
    await socket.close();

    await using mute = await startMute((data) => acceptUpgrade(data.toString()));
    const lost: SocketEnd[] = [];
    const dead = await ServiceSocket.open(
      { clock: realClock, signal: new AbortController().signal },
      {
        identity,
        url: mute.url,
        pingMs: 20,
        fullMs: 60_000,
        mostBufferedBytes: 1_000,
        onMessage: () => {},
        onEnd: (end) => lost.push(end),
      },
    );
    // Its network takes some megabytes; what waits behind them is told by a promise, which the end resolves.
    const full = dead.send(new Uint8Array(32 * 1024 * 1024));
    expect(full).toBeInstanceOf(Promise);
    await full;
    expect(lost[0]?.error).toMatchObject({ category: 'retry', message: expect.stringMatching(/sign of life/) });
  });

  it('gives a promise only while there is no room', async () => {
    const { socket } = await open(none, { mostBufferedBytes: 100_000, mostMessageBytes: 32_000_000 });
    expect(socket.send('"small"')).toBeUndefined();
    const full = socket.send(JSON.stringify('x'.repeat(16_000_000)));
    expect(full).toBeInstanceOf(Promise);
    await full;
    expect(socket.bufferedBytes).toBeLessThan(100_000);
    await socket.close();
  });

  it('holds a virtual clock while it connects and closes, and leaves no timer of it', async () => {
    const clock = new VirtualClock();
    const opening = ServiceSocket.open(
      { clock, signal: new AbortController().signal },
      { identity, url: `${service.socketUrl}/echo`, onMessage: () => {}, onEnd: () => {} },
    );
    expect(await clock.run({ until: opening })).toBe(0);
    const socket = await opening;
    expect(clock.timers).toBe(0);
    const closing = socket.close();
    expect(await clock.run({ until: closing })).toBe(0);
    await closing;
  });
});
