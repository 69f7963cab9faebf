import { AudioFrame, graph, micros, pushSource } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { toFrames } from '../../sinks/to-frames.ts';
import { fromFrames } from '../../sources/from-frames.ts';
import { recordConversation } from './record-conversation.ts';
import { StereoTimeline } from './stereo-timeline.ts';
import { VoiceTrack } from './voice-track.ts';

const mono = (samples: Int16Array, ms: number, utterance?: string) =>
  new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp: micros(ms * 1_000), utterance });

describe('recordConversation', () => {
  it('leaves no timer when whoever takes it ends it at a frame', async () => {
    const clock = new VirtualClock();
    let taken = 0;
    const subscription = recordConversation({ clock }).stereo.subscribe((frame) => {
      frame.close();
      taken++;
      subscription.unsubscribe();
    });
    await clock.advance(4_000);
    expect([taken, clock.timers]).toEqual([1, 0]);
  });

  it('puts both voices where they were heard, what was dropped left out', async () => {
    const clock = new VirtualClock();
    const bot = graph('bot', { clock });
    const recording = recordConversation({ clock });
    // Heard from 100 ms on, in frames that come when they are complete.
    bot
      .from(
        pushSource<AudioFrame>(
          { name: 'far', live: true, format: { kind: 'audio', sampleRate: 16_000, channels: 1 } },
          (destination) => {
            for (let i = 0; i < 50; i++)
              clock.at(120 + i * 20, () => destination.next(mono(new Int16Array(320).fill(1_000), i * 20)));
            clock.at(2_000, () => destination.complete());
            return () => {};
          },
        ),
      )
      .to(recording.heard);
    // Two utterances that are there at once and leave the device from 500 ms and 1,000 ms on; of the second only 60 ms.
    const starts: Record<string, number> = { a: 500, b: 1_000 };
    const dropped: Record<string, number> = { a: Infinity, b: 60 };
    const receipt = (id: string) => ({
      started: Promise.resolve(true),
      finished: new Promise<never>(() => {}),
      mark: (atMs: number, reached: () => void) =>
        atMs < dropped[id]! ? clock.at(starts[id]! + atMs, reached) : () => {},
    });
    const voice = ['a', 'b'].flatMap((id) =>
      Array.from({ length: 10 }, (_, i) => mono(new Int16Array(320).fill(2_000), i * 20, id)),
    );
    bot.from(fromFrames(voice)).to(recording.said(receipt));
    const frames = toFrames();
    bot.from(recording.stereo).to(frames);
    const done = bot.run();
    await clock.advance(2_500);
    recording.end();
    await clock.run({ until: done });
    const all: number[] = [];
    for await (const frame of frames) all.push(...frame.samples);
    const [left, right] = [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)];
    const edges = (samples: number[]) =>
      samples.flatMap((sample, i) => (i > 0 && (sample === 0) !== (samples[i - 1] === 0) ? [i / 16] : []));
    expect(edges(left)).toEqual([100, 1_100]);
    expect(edges(right)).toEqual([500, 700, 1_000, 1_060]);
    expect(left.length / 16).toBe(2_500);
    expect(recording.lost).toBe(0);
    expect(recording.startMs).toBe(0);
  });

  it('takes a sentence that comes as one frame of any length, and only what was heard of it', async () => {
    const clock = new VirtualClock();
    const bot = graph('bot', { clock });
    const recording = recordConversation({ clock });
    const receipt = () => ({
      started: Promise.resolve(true),
      finished: new Promise<never>(() => {}),
      mark: (atMs: number, reached: () => void) => (atMs < 5_000 ? clock.at(100 + atMs, reached) : () => {}),
    });
    bot.from(fromFrames([mono(new Int16Array(16_000 * 6).fill(2_000), 0, 'long')])).to(recording.said(receipt));
    const frames = toFrames();
    bot.from(recording.stereo).to(frames);
    const done = bot.run();
    await clock.advance(8_000);
    recording.end();
    await clock.run({ until: done });
    const said: number[] = [];
    for await (const frame of frames) said.push(...frame.samples.filter((_, i) => i % 2 === 1));
    expect(said.indexOf(2_000) / 16).toBe(100);
    expect((said.lastIndexOf(2_000) + 1) / 16).toBe(5_100);
    expect(said.filter((sample) => sample !== 0).length).toBe(16_000 * 5);
    expect(recording.lost).toBe(0);
  });

  it('is within a frame of the wall clock after an hour of a sender whose clock is slow', () => {
    const track = new VoiceTrack(16_000);
    let worst = 0;
    // 100 ppm: 20 ms of media each 20.002 ms.
    for (let i = 0; i < 180_000; i++) worst = Math.max(worst, Math.abs(track.place(i * 20.002, 320) - i * 20.002 * 16));
    expect(worst).toBeLessThanOrEqual(320 + 1);
  });

  it('counts what finds no place, and refuses nonsense', () => {
    const line = new StereoTimeline(100);
    expect(line.place(0, new Int16Array(20), 90)).toBe(10);
    line.take(50);
    expect(line.place(1, new Int16Array(20).fill(9), 40)).toBe(10);
    expect([...line.take(51)]).toEqual([0, 9]);
    line.place(0, new Int16Array(1).fill(30_000), 51);
    line.place(0, new Int16Array(1).fill(30_000), 51);
    expect([...line.take(52)]).toEqual([32_767, 9]);
    expect(() => recordConversation({ clock: new VirtualClock(), rate: 3 } as never)).toThrow(/sampleRate/);
    expect(() => recordConversation({ clock: new VirtualClock(), sampleRate: 3 })).toThrow(RangeError);
  });
});
