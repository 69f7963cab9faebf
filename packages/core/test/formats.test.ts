import { from, of, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type AudioFrame,
  type AudioFrameInit,
  audioPort,
  createOperator,
  createSink,
  defineNode,
  AudioFrame as Frame,
  graph,
  type LinkOptions,
  micros,
  pullSource,
  pushSource,
  samplesToMicros,
} from '../src/index.ts';
import { measureTone, trackFrames, VirtualClock } from '../src/testing/index.ts';
import { collect, numbered, numbers } from './graph-fixtures.ts';

function tone(sampleRate: number, channels: number, ms: number, startMs = 0): AudioFrame[] {
  const length = sampleRate / 50;
  return Array.from({ length: ms / 20 }, (_, index) => {
    const samples = new Int16Array(length * channels);
    for (let i = 0; i < length; i++) {
      const t = startMs / 1_000 + (index * length + i) / sampleRate;
      samples.fill(Math.round(16_000 * Math.sin(2 * Math.PI * 441.3 * t)), i * channels, (i + 1) * channels);
    }
    const timestamp = micros(startMs * 1_000 + samplesToMicros(index * length, sampleRate));
    return new Frame({ samples, sampleRate, channels, timestamp });
  });
}

const play = (frames: AudioFrame[], declare = true) =>
  pullSource<AudioFrame>(
    {
      name: 'play',
      ...(declare
        ? { format: { kind: 'audio' as const, sampleRate: frames[0]!.sampleRate, channels: frames[0]!.channels } }
        : {}),
    },
    () => {
      let next = 0;
      return { read: () => frames[next++] ?? null };
    },
  );

function only(sampleRate: number, channels: number) {
  const chunks: Int16Array[] = [];
  const sink = createSink<AudioFrame, Int16Array>({
    name: 'picky',
    accepts: { kind: 'audio', sampleRate, channels },
    open: () => ({
      write: (frame) => {
        if (frame.sampleRate !== sampleRate || frame.channels !== channels) throw new Error('wrong format');
        chunks.push(frame.samples);
      },
      end: () => Int16Array.from(chunks.flatMap((chunk) => [...chunk])),
    }),
  });
  return sink;
}

describe('formats', () => {
  it('puts a converter into a link between unlike formats and shows it', async () => {
    const bot = graph('convert');
    const sink = only(16_000, 1);
    bot.from(play(tone(48_000, 2, 1_000))).to(sink);
    await bot.run();
    const samples = await sink.finished;
    expect(samples.length).toBe(16_000);
    expect(measureTone(samples, 16_000, 441.3).snr).toBeGreaterThan(60);
    const [link] = bot.inspect().links;
    expect(link).toMatchObject({
      format: 'audio s16 48000 Hz stereo',
      converter: '48000 -> 16000 Hz, 2 -> 1 channels',
    });
    expect(bot.toMermaid()).toContain('-.->');
    expect(bot.toDot()).toContain('style=dashed');
  });

  it('finds out at run time where nothing was declared, and follows a change in mid-stream', async () => {
    const bot = graph('undeclared');
    const sink = only(16_000, 1);
    bot
      .from(play([...tone(48_000, 1, 500), ...tone(16_000, 1, 500, 500), ...tone(8_000, 2, 500, 1_000)], false))
      .to(sink);
    await bot.run();
    const samples = await sink.finished;
    expect(samples.length).toBe(24_000);
    // Over both changes: one sound, though between them it needed no converter.
    expect(measureTone(samples.slice(160, -160), 16_000, 441.3).snr).toBeGreaterThan(60);
    expect(bot.inspect().links[0]).toMatchObject({ converter: '8000 -> 16000 Hz, 2 -> 1 channels' });
  });

  describe('a converter of a link whose sender pauses', () => {
    /** Runs a live source of 20 ms frames, which `say` makes it send, into a sink of another rate. */
    async function live(sampleRate: number, linkOptions: LinkOptions = {}) {
      const clock = new VirtualClock();
      let destination: Subscriber<AudioFrame> | undefined;
      const format = { kind: 'audio', sampleRate: 48_000, channels: 1 } as const;
      const source = pushSource<AudioFrame>({ name: 'speaker', live: true, format }, (subscriber) => {
        destination = subscriber;
        return () => {};
      });
      const heard: { readonly at: number; readonly frame: AudioFrame }[] = [];
      const sink = createSink<AudioFrame, void>({
        name: 'recorder',
        accepts: { kind: 'audio', sampleRate, channels: 1 },
        open: () => ({ write: (frame) => void heard.push({ at: clock.now(), frame }), end: () => {} }),
      });
      const bot = graph('live', { clock });
      bot.from(source).with({ link: linkOptions }).to(sink);
      const run = bot.run();
      await clock.advance(0);
      const say = async (count: number, value: number, init: Partial<AudioFrameInit> = {}) => {
        const first = micros(clock.now() * 1_000);
        for (let index = 0; index < count; index++) {
          const samples = new Int16Array(960).fill(value);
          const timestamp = micros(first + index * 20_000);
          const gap = index === 0 ? init.gap : undefined;
          destination!.next(new Frame({ samples, sampleRate: 48_000, channels: 1, timestamp, gap }));
          await clock.advance(20);
        }
      };
      const end = async () => {
        destination!.complete();
        await clock.advance(20);
        await run;
      };
      return { clock, heard, say, end, total: () => heard.reduce((sum, { frame }) => sum + frame.length, 0) };
    }

    it.each([8_000, 16_000, 22_050, 44_100])('to %i Hz gives its tail within two frames', async (sampleRate) => {
      const { clock, heard, say, end, total } = await live(sampleRate);
      await say(20, 10_000);
      await clock.advance(2_000);
      expect(total()).toBe(sampleRate * 0.4);
      expect(heard.at(-1)!.at).toBe(420);
      const before = heard.length;
      await say(20, 0);
      expect(heard[before]!.frame.timestamp).toBe(2_400_000);
      expect(heard.slice(before).every(({ frame }) => frame.samples.every((sample) => sample === 0))).toBe(true);
      await end();
      expect(total()).toBe(sampleRate * 0.8);
    });

    it('keeps every stretch between gaps at its time, however many there are', async () => {
      const { clock, heard, say, end, total } = await live(11_025);
      for (let turn = 0; turn < 2_000; turn++) {
        await say(1, 1_000, { gap: turn === 0 ? undefined : { duration: micros(7_000), reason: 'disconnected' } });
        await clock.advance(7);
      }
      await end();
      expect(total()).toBe(2_000 * 220.5);
      expect(heard.filter(({ frame }) => frame.gap !== undefined)).toHaveLength(1_999);
      for (const { frame } of heard.filter(({ frame: { gap } }) => gap !== undefined))
        expect(frame.timestamp % 27_000).toBe(0);
    });
  });

  it('refuses with both ports, both formats and the operator that would fix it', async () => {
    const bot = graph('refuse');
    bot
      .from(numbers(5, 48_000))
      .with({ link: { convert: 'off' } })
      .to(only(16_000, 2));
    const error = (await bot.run().catch((reason: unknown) => reason)) as Error & { code: string };
    expect(error.code).toBe('SLUICE_LINK_FORMAT');
    expect(error.message).toMatch(
      /numbers\.out.*picky\.in.*16000 Hz.*48000 Hz mono.*resample\(\{ sampleRate: 16000 \}\) and remix\(\{ channels: 2 \}\)/,
    );
  });

  it('tells before the start what that would refuse, and is as it was', async () => {
    const halves = createOperator<AudioFrame, AudioFrame>(
      { name: 'halves', produces: () => ({ kind: 'audio', sampleRate: 24_000, channels: 1 }) },
      (destination) => ({ next: (frame) => destination.next(frame) }),
    );
    const build = () => {
      const bot = graph('paper');
      const half = bot.from(numbers(5, 48_000)).pipe(halves);
      half.to(only(24_000, 1));
      half.with({ link: { convert: 'off' } }).to(only(16_000, 2));
      return bot;
    };
    const bot = build();
    const [fault, ...others] = bot.formatFaults();
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ code: 'SLUICE_LINK_FORMAT', message: expect.stringContaining('24000 Hz mono') });
    // Nothing was settled by that, and the start says the same.
    expect(bot.inspect()).toEqual(build().inspect());
    await expect(bot.run()).rejects.toMatchObject({ message: fault!.message });
  });

  it('finds no fault where a converter may be put in, and knows nothing of what a file will have', () => {
    const bot = graph('unknown');
    bot.from(numbers(5, 48_000)).to(only(16_000, 2));
    const prepare = () => Promise.reject(new Error('it was opened'));
    const file = pushSource<AudioFrame>({ name: 'file', prepare }, () => () => {});
    bot
      .from(file)
      .with({ link: { convert: 'off' } })
      .to(only(8_000, 1));
    expect(bot.formatFaults()).toEqual([]);
  });

  it('tells before the start of a chain, in which nothing is converted', () => {
    const picky = createOperator<AudioFrame, AudioFrame>(
      { name: 'needs8k', accepts: { kind: 'audio', sampleRate: 8_000 } },
      (destination) => ({ next: (frame) => destination.next(frame) }),
    );
    const plain = createOperator<AudioFrame, AudioFrame>({ name: 'plain' }, (destination) => ({
      next: (frame) => destination.next(frame),
    }));
    const bot = graph('chain');
    bot.from(numbers(5, 48_000)).pipe(plain, picky).to(only(16_000, 1));
    expect(bot.formatFaults()).toMatchObject([
      { code: 'SLUICE_LINK_FORMAT', message: expect.stringContaining('needs8k') },
    ]);
  });

  it('names the operator inside a chain that does not take what comes to it', async () => {
    const picky = createOperator<AudioFrame, AudioFrame>(
      { name: 'needs8k', accepts: { kind: 'audio', sampleRate: 8_000 } },
      (destination) => ({ next: (frame) => destination.next(frame) }),
    );
    const plain = createOperator<AudioFrame, AudioFrame>({ name: 'plain' }, (destination) => ({
      next: (frame) => destination.next(frame),
    }));
    const bot = graph('chain');
    bot.from(numbers(5)).pipe(plain, picky).to(collect());
    await expect(bot.run()).rejects.toThrow(/needs8k/);
  });

  it('closes the frame whose format the receiver fails at, and the graph with it', async () => {
    using frames = trackFrames();
    const picky = defineNode({
      name: 'picky',
      inputs: { in: audioPort() },
      outputs: {},
      create: () => ({
        onFormat: (_port, format) => {
          if ('sampleRate' in format && format.sampleRate === 48_000) throw new Error('not at this rate');
        },
        onFrame: (_port, frame) => frame.close(),
      }),
    });
    const bot = graph('formats');
    bot.from(of(numbered(0), numbered(1, 48_000))).to(bot.add(picky()).in.in);
    await expect(bot.run()).rejects.toThrow('not at this rate');
    frames.assertNone();
  });

  it('tells a node its formats before the first frame', async () => {
    const log: string[] = [];
    const listener = defineNode({
      name: 'listener',
      inputs: { in: audioPort() },
      outputs: {},
      create: () => ({
        onFormat: (port, format) => log.push(`${port} ${'sampleRate' in format ? format.sampleRate : format.kind}`),
        onFrame: (_port, frame) => {
          log.push('frame');
          frame.close();
        },
      }),
    });
    const bot = graph('formats');
    bot.from(numbers(2, 24_000)).to(bot.add(listener()).in.in);
    await bot.run();
    expect(log).toEqual(['in 24000', 'frame', 'frame']);
  });

  it('never hands on a frame of a format that cannot be converted', async () => {
    const strict = defineNode({
      name: 'strict',
      inputs: { in: audioPort({ sampleRate: 16_000, channels: 1 }) },
      outputs: { out: audioPort({}) },
      create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
    });
    const of = (sampleRate: number) =>
      new Frame({ samples: new Int16Array(960), sampleRate, channels: 1, timestamp: micros(0) });
    for (const convert of ['off', 'auto'] as const) {
      const bot = graph('strict');
      const sink = collect();
      const node = bot.add(strict(), { onError: 'resume' });
      const odd = convert === 'off' ? 48_000 : Number.NaN;
      bot
        .from(from([of(16_000), of(48_000), of(odd), of(odd), of(16_000)]))
        .with({ link: { convert } })
        .to(node.in.in);
      node.out.out.to(sink);
      await bot.run();
      expect(sink.frames.every((frame) => frame.sampleRate === 16_000)).toBe(true);
      expect(bot.inspect().links[0]!.droppedFrames).toBe(convert === 'off' ? 3 : 2);
      expect(sink.frames.at(-1)!.gap?.reason).toBe('crash');
    }
  });
});
