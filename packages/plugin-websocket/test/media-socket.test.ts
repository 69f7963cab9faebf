import { AudioFrame, graph, type Micros, samplesToMicros } from '@sluice/core';
import { testTone, VirtualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { jsonForm, type MediaForm, mediaSocket, rawForm, twilioForm } from '../src/index.ts';
import { socketPair, TwilioCaller } from '../src/testing/index.ts';
import { Voice } from './voice.ts';

const fault = (code: string) => expect.objectContaining({ code });

function open(form: MediaForm, options: object = {}) {
  const clock = new VirtualClock();
  const [far, near] = socketPair({ clock });
  const media = mediaSocket(near, { form, clock, ...options });
  const frames: AudioFrame[] = [];
  const end: { error?: unknown; completed: boolean } = { completed: false };
  media.source.subscribe({
    next: (frame) => frames.push(frame),
    error: (error: unknown) => {
      end.error = error;
    },
    complete: () => {
      end.completed = true;
    },
  });
  return { clock, far, near, media, frames, end };
}

const sampleRate = 16_000;
function say(frame: Int16Array, at = 0, utterance = 'u'): AudioFrame {
  return new AudioFrame({
    samples: frame,
    sampleRate,
    channels: 1,
    timestamp: samplesToMicros(at, sampleRate) as Micros,
    utterance,
  });
}

describe('the source', () => {
  it("puts a gap where the far side's times say that messages are missing", async () => {
    const clock = new VirtualClock();
    const [far, near] = socketPair({ clock });
    const { source, control } = mediaSocket(near, { form: twilioForm(), clock });
    const frames: AudioFrame[] = [];
    source.subscribe((frame) => frames.push(frame));
    const caller = new TwilioCaller(far, { clock });
    await clock.advance(90);
    caller.skip(3);
    await clock.advance(120);
    const places = frames.map(({ timestamp, gap }) => [timestamp / 1_000, gap?.duration]);
    expect(places.slice(3, 7)).toEqual([
      [60, undefined],
      [80, undefined],
      [160, 60_000],
      [180, undefined],
    ]);
    expect(frames.find(({ gap }) => gap)?.gap?.reason).toBe('source');
    expect(control.metrics().missingMs).toBe(60);
  });

  it('goes on without a gap when the far side sets its clock back', async () => {
    const { clock, far, frames } = open(jsonForm({ sampleRate: 8_000 }));
    const audio = Buffer.alloc(320).toString('base64');
    for (const ms of [1_000, 1_020, 5, 25]) far.send(JSON.stringify({ type: 'media', ms, audio }));
    await clock.advance(1);
    expect(frames.map(({ timestamp, gap }) => [timestamp, gap])).toEqual(
      [0, 20_000, 40_000, 60_000].map((at) => [at, undefined]),
    );
  });

  it.each([1e15, 1e308])('fills no years where the far side says that it is %d ms later', async (jumpMs) => {
    const { clock, far, media, frames } = open(jsonForm());
    const audio = Buffer.alloc(640).toString('base64');
    const times = [0, 20, 50_040, 50_060, 90_060, jumpMs, jumpMs + 20, -jumpMs, 0];
    for (const ms of times) far.send(JSON.stringify({ type: 'media', ms, audio }));
    await clock.advance(1);
    expect(frames.map(({ gap }) => (gap?.duration ?? 0) / 1_000)).toEqual([0, 0, 50_000, 0, 0, 0, 0, 0, 0]);
    expect(media.control.metrics().missingMs).toBe(50_000);
    // As much may be missing again as time goes on.
    await clock.advance(40_000);
    far.send(JSON.stringify({ type: 'media', ms: 40_020, audio }));
    await clock.advance(1);
    expect(frames.at(-1)?.gap?.duration).toBe(40_000_000);
  });

  it('serves several readers, and counts what came before the first', async () => {
    const { clock, far, media, frames } = open(rawForm());
    const others: AudioFrame[] = [];
    far.send(new Uint8Array(640));
    await clock.advance(1);
    media.source.subscribe((frame) => others.push(frame));
    far.send(new Uint8Array(640));
    await clock.advance(1);
    expect([frames.length, others.length]).toEqual([2, 1]);
    expect(frames[1]).not.toBe(others[0]);
    expect(frames[1]!.samples).toEqual(others[0]!.samples);
    const alone = mediaSocket(socketPair({ clock })[0], { form: rawForm(), clock });
    expect(alone.control.metrics()).toMatchObject({ receivedMs: 0, unheardMs: 0 });
  });

  it('completes at a stop, a close in order, and for who comes too late', async () => {
    for (const code of [1000, 1001, 1005]) {
      const { clock, far, end, media } = open(rawForm());
      far.close(code);
      await clock.advance(1);
      expect(end).toEqual({ completed: true });
      expect(await media.control.finished).toMatchObject({ code });
      let late = false;
      media.source.subscribe({ complete: () => (late = true) });
      expect(late).toBe(true);
    }
    const stopped = open(jsonForm());
    stopped.far.send('{"type":"stop"}');
    stopped.far.close(1006);
    await stopped.clock.advance(1);
    expect(stopped.end).toEqual({ completed: true });
    expect(await stopped.media.control.finished).toEqual({ code: 1006, reason: '' });
    const events: string[] = [];
    const twice = open(jsonForm(), { onEvent: ({ type }: { type: string }) => events.push(type) });
    for (const type of ['stop', 'stop']) twice.far.send(JSON.stringify({ type }));
    await twice.clock.advance(1);
    expect(events).toEqual(['stopped']);
  });

  it('fails with SLUICE_MEDIA_SOCKET_CLOSED when the far side was lost', async () => {
    const { clock, far, end, media } = open(rawForm());
    far.close(1011, 'no more');
    await clock.advance(1);
    expect(end.error).toEqual(fault('SLUICE_MEDIA_SOCKET_CLOSED'));
    expect((end.error as Error).message).toMatch(/1011, which said "no more"/);
    expect((await media.control.finished).error).toBe(end.error);
    expect(() => media.sink.next(say(new Int16Array(320)))).not.toThrow();
    await expect(media.sink.finished).rejects.toEqual(fault('SLUICE_MEDIA_SOCKET_CLOSED'));
  });

  it.each([
    ['too long', jsonForm(), 'x'.repeat(3_000), 1009],
    ['not of its form', jsonForm(), '{', 1007],
    ['bytes for text', twilioForm(), new Uint8Array(4), 1007],
  ])(
    'fails with SLUICE_MEDIA_SOCKET_MESSAGE for a message that is %s, and closes',
    async (_what, form, message, code) => {
      const { clock, far, end, media } = open(form, { mostMessageBytes: 2_048 });
      far.send(message);
      await clock.advance(2);
      expect(end.error).toEqual(fault('SLUICE_MEDIA_SOCKET_MESSAGE'));
      expect(await media.control.finished).toMatchObject({ code });
      expect(far.readyState).toBe(3);
    },
  );

  it('fails, and closes, over a WebSocket that sends no codes of the protocol, as those of browsers and Node', async () => {
    const { clock, far, near, end, media } = open(jsonForm());
    const close = near.close.bind(near);
    near.close = (code = 1005, reason) => {
      if (code !== 1000 && (code < 3_000 || code > 4_999)) throw new DOMException('no', 'InvalidAccessError');
      close(code, reason);
    };
    expect(() => media.control.close(1001)).toThrow(RangeError);
    far.send('{');
    await clock.advance(2);
    expect(end.error).toEqual(fault('SLUICE_MEDIA_SOCKET_MESSAGE'));
    expect(await media.control.finished).toMatchObject({ code: 4_007 });
    expect(far.readyState).toBe(3);
  });

  it('makes a fault of the socket of what a listener throws', async () => {
    const onEvent = () => {
      throw new Error('mine');
    };
    const { clock, far, end } = open(jsonForm(), { onEvent });
    far.send('{"type":"digit","digit":"1"}');
    await clock.advance(1);
    expect((end.error as Error).message).toMatch(/could not be taken: mine/);
  });
});

describe('inspect', () => {
  it('tells and counts what a socket ends with that is no whole sample', async () => {
    const { clock, far, media, frames } = open(rawForm({ channels: 2 }));
    const bot = graph('b', { clock });
    bot.from(media.source).to({ next: (frame: AudioFrame) => frame.close() });
    await bot.start();
    far.send(new Uint8Array(643));
    await clock.advance(1);
    expect(media.control.metrics().partBytes).toBe(3);
    expect(bot.inspect().problems).toEqual([]);
    far.send(new Uint8Array(3));
    far.close(1000);
    await clock.advance(1);
    expect(frames.map(({ samples }) => samples.length)).toEqual([320, 2]);
    expect(media.control.metrics().partBytes).toBe(2);
    expect(bot.inspect().problems).toEqual([expect.stringMatching(/lost 2 bytes: .* inside a sample .* 2 channels/)]);
  });

  it('tells of digital silence, and ceases when something is heard', async () => {
    for (const encoding of ['mu-law', 'a-law'] as const) {
      const clock = new VirtualClock();
      const [far, near] = socketPair({ clock });
      const bot = graph('b', { clock });
      bot
        .from(mediaSocket(near, { form: rawForm({ encoding }), clock }).source)
        .to({ next: (frame: AudioFrame) => frame.close() });
      await bot.start();
      const silence = new Uint8Array(160).fill(encoding === 'a-law' ? 0xd5 : 0xff);
      const send = async (seconds: number, message = silence) => {
        for (let i = 0; i < seconds * 50; i++) {
          far.send(message);
          await clock.advance(20);
        }
      };
      await send(9);
      expect(bot.inspect().problems).toEqual([]);
      await send(3);
      expect(bot.inspect().problems).toEqual([expect.stringMatching(/gets messages, and .* digital silence for 12 s/)]);
      await send(0.02, new Uint8Array(160).fill(0x10));
      expect(bot.inspect().problems).toEqual([]);
      await clock.advance(4_000);
      expect(bot.inspect().problems).toEqual([expect.stringMatching(/got no message for 4 s/)]);
      bot.abort();
    }
  });

  it('tells that the far side does not read', async () => {
    const { clock, near, media } = open(rawForm());
    const bot = graph('b', { clock });
    bot.from(media.source).to(media.sink);
    await bot.start();
    expect(bot.inspect().problems).toEqual([]);
    near.bufferedAmount = 70_000;
    expect(bot.inspect().problems).toEqual([expect.stringMatching(/for the far side to read: 70000 bytes/)]);
    bot.abort();
  });

  it('tells that a stream has not begun', async () => {
    const { clock, media } = open(twilioForm());
    const bot = graph('b', { clock });
    bot.from(media.source).to(media.sink);
    await bot.start();
    expect(bot.inspect().problems).toEqual([expect.stringMatching(/waits for the far side to begin/)]);
    bot.abort();
  });
});

describe('a far side that plays as it comes', () => {
  const second = testTone({ sampleRate, frequency: 440, durationMs: 1_000 });

  async function hearing() {
    const opened = open(rawForm());
    const { clock, far, media } = opened;
    const sound: number[] = [];
    const aheadMs: number[] = [];
    far.addEventListener('message', ({ data }: { data: ArrayBuffer }) => {
      aheadMs.push(sound.length / 16 - clock.now());
      sound.push(...new Int16Array(data));
    });
    const bot = graph('b', { clock });
    const voice = new Voice(sampleRate);
    bot.from(voice.source).to(media.sink);
    await bot.start();
    voice.say(second, 'u');
    return { ...opened, bot, voice, aheadMs, sound: () => Int16Array.from(sound) };
  }

  it('gets its media in time, each sample once, never far ahead', async () => {
    const { clock, media, voice, sound, aheadMs } = await hearing();
    voice.end();
    await clock.advance(1_400);
    expect(sound()).toEqual(second);
    expect(Math.max(...aheadMs)).toBeLessThanOrEqual(60);
    expect(await media.sink.finished).toEqual({ playedMs: 1_000, droppedMs: 0 });
  });

  it('hears a fade at an interruption, and the report says what left', async () => {
    const { clock, bot, voice, sound } = await hearing();
    await clock.advance(300);
    voice.drop();
    const interrupting = bot.interrupt({ fadeMs: 10 });
    await clock.advance(100);
    const { heardMs } = await interrupting;
    const heard = sound();
    expect(heardMs).toBe(heard.length / 16);
    expect(heard.subarray(0, -160)).toEqual(second.subarray(0, heard.length - 160));
    expect(Math.abs(heard.at(-1)!)).toBeLessThan(700);
    bot.abort();
  });

  it('stands still and goes on with the next sample', async () => {
    const { clock, bot, sound } = await hearing();
    await clock.advance(300);
    void bot.pause({ fadeMs: 10 });
    await clock.advance(500);
    const stood = sound().length;
    await clock.advance(500);
    expect(sound().length).toBe(stood);
    bot.resume();
    await clock.advance(1_400);
    const heard = sound();
    expect(heard.length).toBe(second.length);
    // But for the fades it is the same.
    expect(heard.subarray(0, stood - 160)).toEqual(second.subarray(0, stood - 160));
    expect(heard.subarray(stood + 160)).toEqual(second.subarray(stood + 160));
    expect(Math.abs(heard[stood - 1]!)).toBeLessThan(700);
    bot.abort();
  });
});

describe('back-pressure', () => {
  it('sends nothing while the socket is full, and goes on when it is not', async () => {
    for (const form of [rawForm(), jsonForm()]) {
      const { clock, near, media } = open(form);
      await clock.advance(1);
      const before = media.control.metrics().sentMs;
      near.bufferedAmount = 100_000;
      media.sink.next(say(new Int16Array(320)));
      await clock.advance(500);
      expect([before, media.control.metrics().sentMs]).toEqual([0, 0]);
      near.bufferedAmount = 0;
      await clock.advance(50);
      expect(media.control.metrics().sentMs).toBe(20);
    }
  });

  it.each([
    ['in time', rawForm(), 1_000],
    ['at once', jsonForm(), 0],
  ])('holds a graph back at its capacity where media is sent %s', async (_what, form, playedMs) => {
    const { clock, media } = open(form, { capacityMs: 500 });
    const bot = graph('b', { clock });
    const voice = new Voice(sampleRate);
    bot.from(voice.source).to(media.sink);
    await bot.start();
    voice.say(new Int16Array(sampleRate * 30), 'long');
    await clock.advance(1_000);
    // What is played by then, what the device keeps ahead, and what waits on the link.
    expect(voice.takenMs).toBeGreaterThan(playedMs + 500);
    expect(voice.takenMs).toBeLessThan(playedMs + 1_000);
    bot.abort();
  });

  it('fails with SLUICE_MEDIA_SOCKET_STUCK where no mark comes back', async () => {
    const { clock, media, end } = open(jsonForm());
    media.sink.next(say(new Int16Array(320)));
    await clock.advance(6_000);
    expect(end.error).toEqual(fault('SLUICE_MEDIA_SOCKET_STUCK'));
    expect((await media.control.finished).code).toBe(1011);
  });

  it('fails with SLUICE_MEDIA_SOCKET_STUCK where marks are asked for and no answer is read', async () => {
    const { clock, far, near, media, end } = open(jsonForm(), { mostBufferedBytes: 2_048 });
    const ask = async (waiting: number) => {
      near.bufferedAmount = waiting;
      far.send('{"type":"mark","name":"m"}');
      await clock.advance(1);
    };
    await ask(32_768);
    expect([end.error, media.control.metrics().messagesOut]).toEqual([undefined, 2]);
    await ask(32_769);
    expect(end.error).toEqual(fault('SLUICE_MEDIA_SOCKET_STUCK'));
    expect((await media.control.finished).code).toBe(1011);
  });

  it('keeps what comes before the start, and drops what comes after the end', async () => {
    const clock = new VirtualClock();
    const [far, near] = socketPair({ clock });
    const { sink, source, control } = mediaSocket(near, { form: twilioForm(), clock });
    source.subscribe((frame) => frame.close());
    const frame = (utterance: string) =>
      new AudioFrame({
        samples: new Int16Array(800).fill(5_000),
        sampleRate: 8_000,
        channels: 1,
        timestamp: 0 as Micros,
        utterance,
      });
    sink.next(frame('early'));
    await clock.advance(300);
    const caller = new TwilioCaller(far, { clock });
    await clock.advance(400);
    expect(caller.played).toBe(800);
    expect(await sink.utterance('early').finished).toEqual({ playedMs: 100, interrupted: false });
    caller.hangUp();
    await clock.advance(10);
    sink.next(frame('late'));
    await clock.advance(300);
    expect(await sink.utterance('late').finished).toEqual({ playedMs: 0, interrupted: true });
    expect((await control.finished).error).toBeUndefined();
    expect(await control.started).toMatchObject({ streamId: 'MZ0' });
  });
});

it('options are checked at once', () => {
  const [near] = socketPair();
  const form = rawForm();
  // @ts-expect-error misspelt
  expect(() => mediaSocket(near, { form, capacity: 100 })).toThrow(/did you mean capacityMs/);
  expect(() => mediaSocket({} as never, { form })).toThrow(/a WebSocket/);
  expect(() => mediaSocket(near, {} as never)).toThrow(/a form/);
  expect(() => mediaSocket(near, { form, capacityMs: 5 })).toThrow(RangeError);
  expect(() => mediaSocket(near, { form, mostMessageBytes: Number.NaN })).toThrow(TypeError);
  expect(() => mediaSocket(near, { form, onEvent: 1 as never })).toThrow(/a function/);
});
