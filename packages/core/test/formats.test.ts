import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type AudioFrame,
  audioPort,
  createOperator,
  createSink,
  defineNode,
  AudioFrame as Frame,
  graph,
  micros,
  pullSource,
  samplesToMicros,
} from '../src/index.ts';
import { measureTone } from '../src/testing/index.ts';
import { collect, numbers } from './graph-fixtures.ts';

function tone(sampleRate: number, channels: number, ms: number, startMs = 0): AudioFrame[] {
  const length = sampleRate / 50;
  return Array.from({ length: ms / 20 }, (_, index) => {
    const samples = new Int16Array(length * channels);
    for (let i = 0; i < length; i++) {
      const t = startMs / 1_000 + (index * length + i) / sampleRate;
      samples.fill(Math.round(16_000 * Math.sin(2 * Math.PI * 440 * t)), i * channels, (i + 1) * channels);
    }
    return new Frame({ samples, sampleRate, channels, timestamp: samplesToMicros(index * length, sampleRate) });
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
    expect(measureTone(samples, 16_000, 440).snr).toBeGreaterThan(60);
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
    // Measured away from the seams: what matters is that each stretch has the right pitch and nothing is missing.
    for (const start of [1_600, 9_600, 17_600])
      expect(measureTone(samples.slice(start, start + 4_800), 16_000, 440).snr).toBeGreaterThan(50);
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
