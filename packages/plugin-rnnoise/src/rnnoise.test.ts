import { AudioFrame, micros, samplesToMicros, withContext } from '@sluice/core';
import { ActorDouble, checklist, rms, testNoise, trackFrames } from '@sluice/core/testing';
import { isVoiceError } from '@sluice/core/voice';
import { Subject } from 'rxjs';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { conformance } from './conformance.ts';
import { loadRnnoise } from './load-rnnoise.ts';
import { rnnoise } from './rnnoise.ts';

const rate = 48_000;
/** Noise that falls with frequency, as that of rooms and streets does. White noise is not what RNNoise has learned. */
function noise(ms: number, amplitude = 8_000, seed = 1): Int16Array {
  let low = 0;
  return testNoise({ length: (rate * ms) / 1_000, amplitude, seed }).map((sample) => {
    low += 0.05 * (sample - low);
    return low;
  });
}

interface Piece {
  readonly at?: number;
  readonly epoch?: number;
  readonly channels?: number;
}

/** A stream in virtual time with rnnoise in it. */
function stream() {
  const actor = new ActorDouble();
  const source = new Subject<AudioFrame>();
  const seen: AudioFrame[] = [];
  const state = { error: undefined as unknown, completed: false };
  const subscription = withContext(actor, () =>
    source.pipe(rnnoise()).subscribe({
      next: (frame) => {
        seen.push(frame);
        frame.close();
      },
      error: (error: unknown) => {
        state.error = error;
      },
      complete: () => {
        state.completed = true;
      },
    }),
  );
  const write = (samples: Int16Array, { at = 0, epoch = 0, channels = 1 }: Piece = {}) =>
    source.next(new AudioFrame({ samples, sampleRate: rate, channels, timestamp: micros(at), epoch }));
  return { actor, source, seen, state, subscription, write };
}

const levelOf = (frames: readonly AudioFrame[], from: number, to = from + 100_000) =>
  rms(joined(frames.filter(({ timestamp }) => timestamp >= from && timestamp < to)));

function joined(frames: readonly AudioFrame[]): Int16Array {
  const all = new Int16Array(frames.reduce((sum, { samples }) => sum + samples.length, 0));
  let at = 0;
  for (const { samples } of frames) {
    all.set(samples, at);
    at += samples.length;
  }
  return all;
}

afterEach(() => vi.restoreAllMocks());

describe('rnnoise conforms', () => {
  checklist(test, conformance.rnnoise.make, conformance.rnnoise.options);
});

describe('rnnoise', () => {
  it('gives the same for pieces of any size, each 10 ms with its own time', async () => {
    await loadRnnoise();
    const samples = noise(995);
    const whole = stream();
    whole.write(samples, { at: 1_234 });
    whole.source.complete();
    expect(whole.state.completed).toBe(true);
    expect(joined(whole.seen)).toHaveLength(samples.length);
    for (const size of [7, 480, 960, 1_000]) {
      const { seen, source, write } = stream();
      for (let from = 0; from < samples.length; from += size)
        write(samples.slice(from, from + size), { at: 1_234 + samplesToMicros(from, rate) });
      source.complete();
      expect(joined(seen)).toEqual(joined(whole.seen));
      for (const [index, { timestamp }] of seen.entries())
        expect(Math.abs(timestamp - 1_234 - index * 10_000)).toBeLessThanOrEqual(1);
    }
  });

  it('takes noise away once it has heard it for a while, and leaves silence alone', async () => {
    await loadRnnoise();
    const { seen, source, write } = stream();
    write(noise(1_500));
    source.complete();
    expect(levelOf(seen, 1_200_000)).toBeLessThan(rms(noise(100)) / 10);
    const silent = stream();
    silent.write(new Int16Array(rate));
    silent.source.complete();
    expect(rms(joined(silent.seen))).toBe(0);
  });

  it('keeps what it learned over a gap, a timestamp that does not follow, and an epoch', async () => {
    await loadRnnoise();
    const fresh = stream();
    fresh.write(noise(500, 8_000, 2));
    fresh.source.complete();
    for (const next of [{ at: 2_000_000 }, { at: 1_500_000, epoch: 1 }]) {
      const { seen, source, write } = stream();
      write(noise(1_500));
      write(noise(500, 8_000, 2), next);
      source.complete();
      expect(levelOf(seen, next.at), JSON.stringify(next)).toBeLessThan(levelOf(fresh.seen, 0) / 2);
    }
  });

  it('lets nothing of an interrupted epoch sound in the next one', async () => {
    await loadRnnoise();
    // A loud tone, then noise that is quieter by 50 dB.
    const loud = Int16Array.from(
      { length: rate },
      (_, index) => 20_000 * Math.sin(index / 20) * Math.sin(index / 3_000),
    );
    const quiet = noise(200, 30);
    const { actor, seen, source, write } = stream();
    write(loud);
    actor.interrupt();
    const before = seen.length;
    write(quiet, { at: 1_000_000, epoch: 1 });
    source.complete();
    const after = joined(seen.slice(before));
    expect(after).toHaveLength(quiet.length);
    expect(rms(after)).toBeLessThan(2 * rms(quiet));
    for (const frame of seen.slice(before)) expect(frame.epoch).toBe(1);
  });

  it('hears each channel for itself', async () => {
    await loadRnnoise();
    const left = noise(1_000);
    const both = Int16Array.from({ length: 2 * left.length }, (_, index) => (index % 2 === 0 ? left[index / 2]! : 0));
    const stereo = stream();
    stereo.write(both, { channels: 2 });
    stereo.source.complete();
    const mono = stream();
    mono.write(left);
    mono.source.complete();
    const out = joined(stereo.seen);
    expect(out.filter((_, index) => index % 2 === 0)).toEqual(joined(mono.seen));
    expect(out.filter((_, index) => index % 2 === 1).every((sample) => sample === 0)).toBe(true);
  });

  it('gives the tail away when a live stream pauses', async () => {
    await loadRnnoise();
    const { actor, seen, source, write } = stream();
    for (let index = 0; index < 5; index++) {
      write(noise(15), { at: index * 15_000 });
      await actor.clock.advance(15);
    }
    expect(joined(seen).length).toBeLessThan((rate * 75) / 1_000);
    await actor.clock.advance(100);
    expect(joined(seen)).toHaveLength((rate * 75) / 1_000);
    write(noise(20), { at: 500_000 });
    source.complete();
    expect(joined(seen)).toHaveLength((rate * 95) / 1_000);
    expect(seen.find(({ timestamp }) => timestamp >= 500_000)?.timestamp).toBe(500_000);
  });

  it('refuses another rate, names what makes it right, and closes the frame', async () => {
    await loadRnnoise();
    using frames = trackFrames();
    const { source, state } = stream();
    source.next(
      new AudioFrame({ samples: new Int16Array(160), sampleRate: 16_000, channels: 1, timestamp: micros(0) }),
    );
    expect(isVoiceError(state.error)).toBe(true);
    expect(String(state.error)).toMatch(/resample\(\{ sampleRate: 48000 \}\)/);
    expect(frames.open).toBe(0);
  });

  it('gives the memory of its channels back', async () => {
    const wasm = await loadRnnoise();
    const [made, freed] = [vi.spyOn(wasm, '_rnnoise_create'), vi.spyOn(wasm, '_rnnoise_destroy')];
    const [taken, given] = [vi.spyOn(wasm, '_malloc'), vi.spyOn(wasm, '_free')];
    const { subscription, write } = stream();
    write(noise(20));
    write(noise(20), { channels: 2, at: 20_000 });
    subscription.unsubscribe();
    expect(made).toHaveBeenCalledTimes(3);
    expect(freed).toHaveBeenCalledTimes(3);
    expect(given).toHaveBeenCalledTimes(taken.mock.calls.length);
  });

  it('ends the stream where there is no memory for it', async () => {
    const wasm = await loadRnnoise();
    vi.spyOn(wasm, '_rnnoise_create').mockReturnValue(0);
    const { state, write } = stream();
    write(noise(20));
    expect(state.error).toMatchObject({ code: 'SLUICE_VOICE_MODEL', category: 'wait' });
  });
});
