import { findGaps, measureTone, testTone, VirtualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { SpeakerHub } from './speaker-hub.ts';
import { VirtualSpeakerDevice } from './virtual-speaker.ts';

function setup(options: { sampleRate?: number; channels?: number; nonBlocking?: boolean } = {}) {
  const clock = new VirtualClock();
  const speaker = new VirtualSpeakerDevice({
    name: 'speaker',
    sampleRate: 16_000,
    channels: 1,
    nonBlocking: false,
    clock,
    ...options,
  });
  const hub = new SpeakerHub();
  hub.select(speaker);
  /** A voice of a tone at 48 kHz that arrives every 10 ms, `late` ms after its time. */
  const speak = (hz: number, amplitude = 8_000, late = (_slice: number) => 0) => {
    const voice = hub.open();
    const start = clock.now();
    const push = (slice: number) => {
      const phase = 2 * Math.PI * hz * slice * 0.01;
      voice.push(testTone({ sampleRate: 48_000, frequency: hz, durationMs: 10, amplitude, phase }), 48_000, 1);
      clock.at(start + (slice + 1) * 10 + late(slice), () => push(slice + 1));
    };
    push(0);
    return voice;
  };
  return { clock, speaker, hub, speak };
}

const samplesOf = (bytes: Buffer) => new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);

describe('VirtualSpeakerDevice', () => {
  it('hears a voice whose rate changes as one', async () => {
    const { clock, speaker, hub } = setup();
    const voice = hub.open();
    const rates = [
      ...Array<number>(30).fill(48_000),
      ...Array<number>(20).fill(8_000),
      ...Array<number>(20).fill(16_000),
    ];
    for (const [slice, sampleRate] of rates.entries())
      clock.at(clock.now() + slice * 10, () => {
        // The rate changes where the tone is at its peak.
        const phase = 2 * Math.PI * (440 * slice * 0.01 + 0.25);
        voice.push(testTone({ sampleRate, frequency: 440, durationMs: 10, amplitude: 8_000, phase }), sampleRate, 1);
      });
    const reading = speaker.readFrames(10_400);
    await clock.advance(700);
    const samples = samplesOf(await reading);
    // Behind what a voice begins with.
    expect(measureTone(samples.subarray(1_600), 16_000, 440).snr).toBeGreaterThan(60);
  });

  it('gives exactly what was asked for, in real time, in its own format', async () => {
    for (const [sampleRate, channels] of [
      [16_000, 1],
      [11_025, 1],
      [48_000, 2],
    ] as const) {
      const { clock, speaker, speak } = setup({ sampleRate, channels });
      speak(440);
      const reading = speaker.readFrames(sampleRate * 2);
      let done = Number.NaN;
      void reading.then(() => {
        done = clock.now();
      });
      await clock.advance(2_050);
      expect(done).toBeGreaterThanOrEqual(1_999);
      expect(done).toBeLessThanOrEqual(2_001);
      const bytes = await reading;
      expect(bytes.length).toBe(sampleRate * 2 * 2 * channels);
      const left = samplesOf(bytes).filter((_, index) => index % channels === 0);
      const middle = left.subarray(sampleRate / 5, sampleRate * 1.9);
      expect(measureTone(middle, sampleRate, 440).snr).toBeGreaterThan(60);
    }
  });

  it('reads on without a gap or drift over many reads, with arrivals that wobble', async () => {
    const { clock, speaker, speak } = setup();
    speak(440, 8_000, (slice) => (slice * 7) % 9);
    const parts: Int16Array[] = [];
    const loop = (async () => {
      for (let count = 0; count < 500; count++) parts.push(samplesOf(await speaker.readFrames(320)));
      return clock.now();
    })();
    await clock.advance(11_000);
    expect(await loop).toBeCloseTo(10_000, 0);
    const all = Int16Array.from(parts.flatMap((part) => [...part])).subarray(1_600);
    expect(findGaps(all, { sampleRate: 16_000 }).gaps).toEqual([]);
    expect(measureTone(all, 16_000, 440).snr).toBeGreaterThan(60);
  });

  it('plays a sentence to its end when the voice pauses, and nothing of it before the next', async () => {
    const { clock, speaker, hub } = setup();
    const voice = hub.open();
    const reading = speaker.readFrames(32_000);
    const say = (at: number, value: number) => {
      for (let slice = 0; slice < 40; slice++)
        clock.at(at + slice * 10, () => voice.push(new Int16Array(480).fill(value), 48_000, 1));
    };
    say(1, 10_000);
    say(1_001, 10);
    await clock.advance(2_100);
    const heard = samplesOf(await reading);
    expect(Math.abs(heard.filter((sample) => sample > 5_000).length - 6_400)).toBeLessThanOrEqual(1);
    expect(heard.findLastIndex((sample) => Math.abs(sample) > 100)).toBeLessThan(450 * 16);
    expect(Math.abs(heard.filter((sample) => sample > 5 && sample < 100).length - 6_400)).toBeLessThanOrEqual(1);
  });

  it('mixes voices, bends sums that are too loud, and passes one voice unchanged', async () => {
    const { clock, speaker, speak } = setup({ sampleRate: 48_000 });
    const first = speak(500, 30_000);
    const alone = speaker.readFrames(48_000);
    await clock.advance(1_000);
    expect(measureTone(samplesOf(await alone).subarray(4_800), 48_000, 500).snr).toBeGreaterThan(80);
    const second = speak(500, 30_000);
    const together = speaker.readFrames(48_000);
    await clock.advance(1_000);
    const sum = samplesOf(await together);
    expect(sum.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0)).toBeLessThanOrEqual(32_767);
    const jumps = sum.subarray(1).map((sample, index) => Math.abs(sample - sum[index]!));
    expect(jumps.subarray(4_800).reduce((max, jump) => Math.max(max, jump), 0)).toBeLessThan(6_000);
    first.close();
    second.close();
  });

  it('returns no bytes soon when there is nobody to hear', async () => {
    const { clock, speaker } = setup();
    const reading = speaker.readFrames(16_000);
    await clock.advance(10);
    expect((await reading).length).toBe(0);
    expect(clock.timers).toBe(0);
  });

  it('fills up with silence when the voices go during a read', async () => {
    const { clock, speaker, speak } = setup();
    const voice = speak(440);
    const reading = speaker.readFrames(16_000);
    await clock.advance(500);
    voice.close();
    await clock.advance(500);
    const samples = samplesOf(await reading);
    expect(samples.length).toBe(16_000);
    expect(samples.subarray(9_000).every((sample) => sample === 0)).toBe(true);
    expect(measureTone(samples.subarray(1_600, 7_800), 16_000, 440).snr).toBeGreaterThan(50);
  });

  it('catches up with what it missed, up to a second, and starts anew after a longer absence', async () => {
    const { clock, speaker, speak } = setup();
    speak(440);
    const first = speaker.readFrames(1_600);
    await clock.advance(600);
    const before = clock.now();
    const late = speaker.readFrames(6_400);
    await clock.advance(0);
    expect(samplesOf(await late).length).toBe(6_400);
    expect(clock.now()).toBe(before);
    await clock.advance(3_000);
    expect(speaker.dropped).toBeGreaterThan(16_000);
    const anew = speaker.readFrames(1_600);
    await clock.advance(90);
    let done = false;
    void anew.then(() => {
      done = true;
    });
    await clock.advance(0);
    expect(done).toBe(false);
    await clock.advance(10);
    expect((await anew).length).toBe(3_200);
    expect((await first).length).toBe(3_200);
  });

  it('gives the bytes to the completion, once, when non-blocking', async () => {
    const { clock, speaker, speak } = setup({ nonBlocking: true });
    speak(440);
    const lengths: number[] = [];
    expect((await speaker.readFrames(1_600, (bytes) => lengths.push(bytes.length))).length).toBe(0);
    await clock.advance(90);
    expect(lengths).toEqual([]);
    await clock.advance(200);
    expect(lengths).toEqual([3_200]);
  });

  it('settles waiting reads when it is destroyed, and refuses later ones', async () => {
    const { clock, speaker, speak } = setup();
    speak(440);
    const reads = [speaker.readFrames(16_000), speaker.readFrames(16_000)];
    await clock.advance(100);
    speaker.close();
    expect((await Promise.all(reads)).map((bytes) => bytes.length)).toEqual([0, 0]);
    await expect(speaker.readFrames(10)).rejects.toMatchObject({ code: 'SLUICE_DEVICE_DESTROYED' });
  });

  it('refuses counts that are none', async () => {
    const { speaker } = setup();
    for (const frames of [0, -1, 1.5, Number.NaN, 1e12])
      await expect(speaker.readFrames(frames)).rejects.toThrow(RangeError);
  });
});
