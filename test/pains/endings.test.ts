import { connect, createServer } from 'node:net';
import { AudioFrame, createSink, graph, micros, pushSource } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fakeLanguageModel } from '@sluice/core/voice';
import { describe, expect, it } from 'vitest';
import { VirtualConversation } from '../virtual-conversation.ts';

/** Frames of 20 ms on a clock, for as long as somebody listens. */
function ticking(clock: { now(): number; at(time: number, callback: () => void): () => void }, samples = 320) {
  return pushSource<AudioFrame>(
    { name: 'ticks', live: true, format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
    (destination) => {
      let [index, cancel] = [0, () => {}];
      const tick = () => {
        cancel = clock.at(clock.now() + 20, tick);
        const timestamp = micros(index++ * 20_000);
        destination.next(
          new AudioFrame({ samples: new Int16Array(samples), sampleRate: 16_000, channels: 1, timestamp }),
        );
      };
      cancel = clock.at(clock.now() + 20, tick);
      return () => cancel();
    },
  );
}

describe('endings', () => {
  it('pipecat#5211: somebody swallows the end, and a zombie lives for 20 minutes', async () => {
    const clock = new VirtualClock();
    const bot = graph('zombie', { clock, deadlines: { drainMs: 2_000 } });
    const swallows = createSink<AudioFrame>({
      name: 'swallows-the-end',
      open: () => ({ write() {}, end: () => new Promise<void>(() => {}) }),
    });
    bot.from(ticking(clock)).to(swallows);
    const done = bot.run().catch((error: unknown) => error);
    await clock.advance(1_000);
    const stopped = bot.stop().catch((error: unknown) => error);
    await clock.advance(2_100);
    expect(await stopped).toMatchObject({
      code: 'SLUICE_DEADLINE',
      message: expect.stringContaining('swallows-the-end'),
    });
    expect(await done).toMatchObject({ code: 'SLUICE_DEADLINE' });
    expect([clock.timers, clock.pending]).toEqual([0, 0]);
  });

  it('pipecat#5216: a peer that stops reading hangs the shutdown for hours', async () => {
    const server = createServer((socket) => socket.pause());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const socket = connect(address.port, '127.0.0.1');
    const bot = graph('unread', { deadlines: { drainMs: 300 } });
    let written = 0;
    const index = { at: 0 };
    const flood = pushSource<AudioFrame>(
      { name: 'flood', format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
      (destination) => {
        const timer = setInterval(() => {
          const timestamp = micros(index.at++ * 1_000_000);
          const samples = new Int16Array(1_000_000);
          destination.next(new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp }));
        }, 5);
        return () => clearInterval(timer);
      },
    );
    bot.from(flood).to(
      createSink<AudioFrame>({
        name: 'socket',
        open: () => ({
          write: ({ samples }) =>
            new Promise<void>((resolve) => {
              written++;
              if (socket.write(new Uint8Array(samples.buffer))) resolve();
              else socket.once('drain', resolve);
            }),
          end: () => {},
          abort: () => void socket.destroy(),
        }),
      }),
    );
    const done = bot.run().catch((error: unknown) => error);
    while (written === 0 || !socket.writableNeedDrain) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = bot.stop().catch((error: unknown) => error);
    expect(await stopped).toMatchObject({ code: 'SLUICE_DEADLINE', message: expect.stringContaining('socket') });
    await done;
    expect(socket.destroyed).toBe(true);
    server.close();
  });

  it('agents-js#927: the job outlives the call', async () => {
    const talk = await VirtualConversation.begin([[500, 1_500]], ['hello'], {
      model: fakeLanguageModel({ firstTokenMs: 3_600_000 }),
      bounds: { aloneMs: 3_000 },
    });
    await talk.clock.advance(2_500);
    expect(talk.agent.state).toMatchObject({ state: 'thinking' });
    talk.agent.setCompany(false);
    await talk.clock.advance(3_100);
    expect(talk.agent.state).toEqual({ state: 'ended' });
    const stopped = talk.bot.stop();
    await talk.clock.advance(10_000);
    await stopped.catch(() => {});
    expect(talk.bot.inspect().nodes.filter(({ state }) => state === 'running')).toEqual([]);
    await talk[Symbol.asyncDispose]();
    // No timer, and no work of a model, is left to keep a process alive; the device is the process's own.
    expect(talk.clock.pending).toBe(0);
    expect(talk.clock.timers).toBe(1);
  });

  it.each(['stop', 'abort'] as const)('pipecat#4276: a cancel before the start deadlocks (%s)', async (how) => {
    const clock = new VirtualClock();
    const bot = graph('early', { clock });
    let opened = () => {};
    const isOpening = new Promise<void>((resolve) => {
      opened = resolve;
    });
    bot.from(ticking(clock)).to(
      createSink<AudioFrame>({
        name: 'never-open',
        open: () => {
          opened();
          return new Promise<never>(() => {});
        },
      }),
    );
    const done = bot.run().catch((error: unknown) => error);
    await isOpening;
    expect(bot.status).toBe('starting');
    await bot[how]();
    expect(await done).toMatchObject({ code: 'SLUICE_ABORTED' });
    expect(bot.status).toBe('stopped');
    expect(clock.timers).toBe(0);
    const never = graph('never', { clock });
    never.from(ticking(clock)).to({ next() {} });
    await never[how]();
    await expect(never.start()).rejects.toMatchObject({ code: 'SLUICE_GRAPH_STATE' });
  });
});
