import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { type AudioFrame, pullSource } from '@sluice/core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connectNats, fromSubject, toSubject } from '../src/index.ts';
import { natsWire } from '../src/links/nats-wire.ts';
import { type LocalNats, startNats } from '../src/testing/index.ts';
import { Ears, joined, numberedFrame, numbers } from './numbered-sound.ts';

let server: LocalNats;
beforeAll(async () => {
  server = await startNats({ jetStream: false });
});
afterAll(() => server.close());
const heard = (ears: Ears, frames: number) =>
  vi.waitFor(() => expect(ears.frames.length).toBeGreaterThanOrEqual(frames), { timeout: 15_000, interval: 5 });
const connected = () => connectNats({ servers: server.url });

it('a link over a connection that was closed before is SLUICE_REMOTE_LINK_LOST on both sides', async () => {
  const nats = await connected();
  const ends = [
    joined('near', fromSubject(nats, 'a'), new Ears().sink),
    joined('far', numbers(3), toSubject(nats, 'a')),
  ];
  await nats.close();
  for (const end of ends) await expect(end.run()).rejects.toMatchObject({ code: 'SLUICE_REMOTE_LINK_LOST' });
});

it('takes whatever is still said while the connection closes, and tells those of its links that are left', async () => {
  const nats = await connected();
  const waiting = vi.spyOn(nats.nats, 'closed');
  const wire = natsWire(nats);
  const [told, gone] = [vi.fn(), vi.fn()];
  wire.onLost(told);
  wire.onLost(gone)();
  // As long as the connection lives it keeps who waits for its end.
  expect(waiting).not.toHaveBeenCalled();
  const closing = nats.close();
  let said = 0;
  for (; !nats.nats.isClosed(); said++) {
    wire.publish('main.links.a.frames', new Uint8Array(8));
    await turn();
  }
  await closing;
  expect(said).toBeGreaterThan(0);
  expect(told).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'SLUICE_REMOTE_LINK_LOST' }));
  expect(gone).not.toHaveBeenCalled();
});

it('goes on where NATS was killed and started again, and each frame has come or is told as lost', async () => {
  await using far = await connected();
  await using near = await connected();
  const ears = new Ears();
  let next = 0;
  let ends = false;
  const source = pullSource<AudioFrame>({ name: 'paced' }, () => ({
    read: async () => {
      await sleep(5);
      return ends ? null : numberedFrame(next++);
    },
  }));
  const sink = toSubject<AudioFrame>(far, 'a');
  const received = fromSubject(near, 'a');
  const runs = Promise.all([joined('near', received, ears.sink).run(), joined('far', source, sink).run()]);
  await heard(ears, 20);
  await server.kill();
  await server.restart();
  await heard(ears, ears.frames.length + 20);
  ends = true;
  await runs;
  expect(ears.numbers.at(-1)).toBe(next - 1);
  expect(received.figures.frames + received.figures.lostFrames).toBe(next);
  expect(ears.frames.reduce((sum, { gap }) => sum + (gap?.duration ?? 0), 0)).toBe(received.figures.lostMs * 1_000);
});
