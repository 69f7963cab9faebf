import { realClock } from '@sluice/core';
import type { VoiceError } from '@sluice/core/voice';
import { KeptSocket, type KeptSocketOptions } from '@sluice/service';
import { type LocalFault, type LocalService, startService } from '@sluice/service/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const identity = { model: 'model', service: 'Example', secrets: ['key'] };

let service: LocalService;
beforeAll(async () => {
  service = await startService({
    sockets: { '/talk': (socket) => socket.onMessage((message) => void socket.send(message as object)) },
  });
});
afterAll(() => service.close());

const over: AbortController[] = [];
afterEach(() => {
  for (const one of over.splice(0)) one.abort(new Error('over'));
});

/** A connection to a service on which these things go wrong, and what is told of it. */
function kept(faults: readonly LocalFault[], more: Partial<KeptSocketOptions> = {}) {
  service.fail(...faults);
  const end = new AbortController();
  over.push(end);
  const lost: VoiceError[] = [];
  let count = 0;
  let wake = () => {};
  const socket = new KeptSocket(
    { clock: realClock, signal: end.signal },
    {
      open: () => {
        count++;
        return { identity, url: `${service.socketUrl}/talk`, onMessage: () => wake() };
      },
      onLost: (error) => {
        lost.push(error);
        wake();
      },
      ...more,
    },
  );
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return { socket, lost, end, next, count: () => count };
}
const closing = { type: 'close', code: 1011, reason: 'over', afterMessages: 1 } as const;
const refusing = { type: 'status', status: 503 } as const;

describe('KeptSocket', () => {
  it('has one connection for all who ask, and another after it was lost', async () => {
    const { socket, lost, next, count } = kept([closing]);
    const [one, two] = await Promise.all([socket.get(), socket.get()]);
    expect(one).toBe(two);
    const ended = next();
    void one.send({ hello: true });
    await ended;
    if (lost.length === 0) await next();
    expect(lost).toMatchObject([{ category: 'retry', model: 'model' }]);
    expect(socket.current).toBeUndefined();
    expect(await socket.get()).not.toBe(one);
    expect(count()).toBe(2);
  });

  it('passes over failures that pass, and gives up after three', async () => {
    const passing = kept([refusing, { type: 'refuse' }]);
    expect((await passing.socket.get()).open).toBe(true);
    expect(passing.count()).toBe(3);
    const lasting = kept([refusing, refusing, refusing]);
    await expect(lasting.socket.get()).rejects.toMatchObject({ category: 'retry' });
    expect(lasting.count()).toBe(3);
    await expect(lasting.socket.get()).rejects.toMatchObject({ category: 'retry' });
    expect(lasting.count()).toBe(3);
  });

  it.each([
    [{ type: 'status', status: 401 }, 'give-up'],
    [{ type: 'status', status: 429, headers: { 'retry-after': '30' } }, 'wait'],
  ] as const)('asks once after %j', async (fault, category) => {
    const { socket, count } = kept([fault]);
    await expect(socket.get()).rejects.toMatchObject({ category });
    expect(count()).toBe(1);
  });

  it('waits as long as the service says, where that is short', async () => {
    const { socket, count } = kept([{ type: 'status', status: 429, headers: { 'retry-after-ms': '20' } }]);
    expect((await socket.get()).open).toBe(true);
    expect(count()).toBe(2);
  });

  it('gives a connection out once it is prepared, and tries again when that fails', async () => {
    let prepared = 0;
    const { socket, count } = kept([], {
      prepare: () => {
        if (++prepared === 1) throw Object.assign(new Error('not yet'), { code: 'OTHER' });
      },
    });
    await expect(socket.get()).rejects.toThrow('not yet');
    await socket.get();
    expect([prepared, count()]).toEqual([2, 2]);
  });

  it('makes none for somebody who has gone, not even after a rest', async () => {
    const { socket, end, count } = kept([refusing, refusing]);
    const got = socket.get();
    got.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    end.abort(new Error('gone'));
    await expect(got).rejects.toThrow('gone');
    expect(count()).toBe(2);
  });

  it('forgets a connection that is dropped, without a word', async () => {
    const { socket, lost } = kept([]);
    const first = await socket.get();
    socket.drop();
    expect(first.open).toBe(false);
    expect(await socket.get()).not.toBe(first);
    await socket.close();
    expect(socket.current).toBeUndefined();
    expect(lost).toEqual([]);
  });
});
