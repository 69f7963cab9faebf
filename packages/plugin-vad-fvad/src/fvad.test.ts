import { AudioFrame, isSluiceError, micros, samplesToMicros, videoFrame } from '@sluice/core';
import { seededRandom, testNoise, testTone, VirtualClock } from '@sluice/core/testing';
import {
  categoryOf,
  isVoiceError,
  isVoiceModel,
  type VoiceDetectorEvent,
  type VoiceDetectorSession,
} from '@sluice/core/voice';
import { describe, expect, it, vi } from 'vitest';
import { fvad } from './fvad.ts';
import type { FvadSettings } from './fvad-settings.ts';
import { loadFvad } from './load-fvad.ts';

/** Sound that libfvad takes for a voice: harmonics of 140 Hz, swelling four times a second as syllables do. */
function vowel(durationMs: number, sampleRate: number): Int16Array {
  return Int16Array.from({ length: (sampleRate * durationMs) / 1_000 }, (_, index) => {
    const time = index / sampleRate;
    let sum = 0;
    for (let harmonic = 1; harmonic < 12; harmonic++) sum += Math.sin(2 * Math.PI * 140 * harmonic * time) / harmonic;
    return Math.round(3_000 * (1 - 0.6 * Math.cos(2 * Math.PI * 4 * time)) * sum);
  });
}

const silence = (durationMs: number, sampleRate: number) =>
  testNoise({ length: (sampleRate * durationMs) / 1_000, amplitude: 8 });

function join(...parts: Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const sentence = (sampleRate: number) =>
  join(
    silence(200, sampleRate),
    vowel(500, sampleRate),
    silence(300, sampleRate),
    vowel(400, sampleRate),
    silence(400, sampleRate),
  );

type Session = VoiceDetectorSession<FvadSettings>;
interface Piece {
  readonly at?: number;
  readonly sampleRate?: number;
  readonly epoch?: number;
}

/** Writes samples in one frame, which stays the caller's. */
function write(session: Session, samples: Int16Array, { at = 0, sampleRate = 16_000, epoch = 0 }: Piece = {}): void {
  const frame = new AudioFrame({ samples, sampleRate, channels: 1, timestamp: micros(at), epoch });
  session.write(frame);
  frame.close();
}

/** Writes samples in pieces of the lengths that `next` tells. */
function writeIn(session: Session, samples: Int16Array, sampleRate: number, next: () => number, start = 0): void {
  for (let from = 0, length = 0; from < samples.length; from += length) {
    length = next();
    write(session, samples.subarray(from, from + length), {
      at: start + samplesToMicros(from, sampleRate),
      sampleRate,
    });
  }
}

/** Reads all events until the session is closed. */
async function told(session: Session): Promise<VoiceDetectorEvent[]> {
  const events: VoiceDetectorEvent[] = [];
  await session.flush();
  const closing = session.close();
  for await (const event of session) events.push(event);
  await closing;
  return events;
}

async function hear(samples: Int16Array, settings: Partial<FvadSettings> = {}, sampleRate = 16_000) {
  const session = await fvad().open({ settings });
  write(session, samples, { sampleRate });
  return told(session);
}
const types = (events: readonly VoiceDetectorEvent[]) => events.map(({ type }) => type);

describe('what fvad tells', () => {
  it('is speech and silence in turns, to the block, and late by what it says', async () => {
    const events = await hear(sentence(16_000));
    expect(types(events)).toEqual(['speech', 'silence', 'speech', 'silence']);
    const { latencyMs } = fvad();
    for (const { type, at, toldAt } of events) expect(toldAt - at, type).toBe(1_000 * latencyMs[type]);
    // The vowels stand from 200 to 700 and from 1,000 to 1,400 ms.
    const expected = [200, 700, 1_000, 1_400];
    for (const [index, { at }] of events.entries())
      expect(Math.abs(at / 1_000 - expected[index]!)).toBeLessThanOrEqual(20);
  });

  it.each([8_000, 16_000, 32_000, 48_000])('is the same at %i Hz for pieces of any size', async (sampleRate) => {
    const samples = sentence(sampleRate);
    const whole = await hear(samples, {}, sampleRate);
    expect(types(whole)).toEqual(['speech', 'silence', 'speech', 'silence']);
    const random = seededRandom(sampleRate);
    const sizes = [() => sampleRate / 100, () => sampleRate / 50, () => 1 + Math.floor(random() * 3_000), () => 7];
    for (const size of sizes) {
      const session = await fvad().open();
      writeIn(session, samples, sampleRate, size);
      expect(await told(session)).toEqual(whole);
    }
  });

  it('has the media time of the frames, wherever they begin', async () => {
    const first = await hear(sentence(16_000));
    const session = await fvad().open();
    writeIn(session, sentence(16_000), 16_000, () => 441, 7_654_321);
    const moved = first.map(({ type, at, toldAt }) => ({ type, at: at + 7_654_321, toldAt: toldAt + 7_654_321 }));
    expect(await told(session)).toEqual(moved);
  });

  it('follows a clock that drifts without beginning anew', async () => {
    const session = await fvad().open();
    const samples = join(vowel(4_000, 16_000), silence(400, 16_000));
    // 20 ms of samples in 20.1 ms of time: 20 ms more after four seconds.
    for (let index = 0; index * 320 < samples.length; index++)
      write(session, samples.subarray(index * 320, (index + 1) * 320), { at: index * 20_100 });
    const events = await told(session);
    expect(types(events)).toEqual(['speech', 'silence']);
    expect(Math.abs(events[1]!.at - 4_020_000)).toBeLessThanOrEqual(20_000);
  });

  it("leaves libfvad's own while out: silence begins where the voice ended, in every mode", async () => {
    const nothing = new Int16Array(3_200);
    for (const mode of [0, 1, 2, 3] as const) {
      const events = await hear(join(nothing, vowel(500, 16_000), nothing), { mode, minSilenceMs: 50 });
      expect(Math.abs(events[1]!.at - 700_000), `mode ${mode}`).toBeLessThanOrEqual(20_000);
      expect(events[1]!.toldAt - events[1]!.at).toBe(50_000);
    }
  });

  it('waits for minSpeechMs and minSilenceMs', async () => {
    const click = join(silence(200, 16_000), vowel(60, 16_000), silence(200, 16_000));
    expect(types(await hear(click, { minSpeechMs: 30 }))).toEqual(['speech', 'silence']);
    expect(await hear(click, { minSpeechMs: 100 })).toEqual([]);
    expect(types(await hear(sentence(16_000), { minSilenceMs: 350 }))).toEqual(['speech', 'silence']);
  });

  it('is nothing for silence, for nothing and for less than a block', async () => {
    for (const samples of [new Int16Array(64_000), new Int16Array(0), vowel(9, 16_000)])
      expect(await hear(samples)).toEqual([]);
  });
});

describe('a hole', () => {
  const loud = vowel(300, 16_000);
  const hole = async (next: AudioFrame) => {
    const session = await fvad().open();
    write(session, loud);
    session.write(next);
    return told(session);
  };

  it('ends what was said, and begins anew: marked by a gap, a timestamp or another rate', async () => {
    const gap = { duration: micros(5_000), reason: 'overflow' } as const;
    const form = { samples: loud, sampleRate: 16_000, channels: 1 };
    const marked = await hole(new AudioFrame({ ...form, timestamp: micros(305_000), gap }));
    expect(types(marked)).toEqual(['speech', 'silence', 'speech']);
    expect(marked[1]).toMatchObject({ at: 300_000, toldAt: 300_000 });
    expect(marked[2]!.at).toBeGreaterThanOrEqual(305_000);
    for (const timestamp of [2_000_000, 100_000])
      expect(await hole(new AudioFrame({ ...form, timestamp: micros(timestamp) }))).toMatchObject([
        { type: 'speech' },
        { type: 'silence', at: 300_000 },
        { type: 'speech', at: timestamp },
      ]);
    const other = { samples: vowel(300, 8_000), sampleRate: 8_000, channels: 1, timestamp: micros(300_000) };
    expect(types(await hole(new AudioFrame(other)))).toEqual(['speech', 'silence', 'speech']);
  });

  it('is no hole where timestamps are rounded', async () => {
    expect(
      types(await hole(new AudioFrame({ samples: loud, sampleRate: 16_000, channels: 1, timestamp: micros(300_400) }))),
    ).toEqual(['speech']);
  });

  it('is not an epoch: a person goes on while an agent is interrupted; what is older than that is not heard', async () => {
    const session = await fvad().open();
    write(session, loud);
    session.cancel(1);
    write(session, loud, { at: 300_000, epoch: 1 });
    write(session, silence(400, 16_000), { at: 600_000, epoch: 0 });
    expect(types(await told(session))).toEqual(['speech']);
  });
});

describe('hum', () => {
  const hum = Int16Array.from(
    testTone({ sampleRate: 16_000, frequency: 100, durationMs: 20_000, amplitude: 3_000 }),
    (low, index) =>
      low +
      Math.round(
        1_500 * Math.sin((2 * Math.PI * 200 * index) / 16_000) + 800 * Math.sin((2 * Math.PI * 300 * index) / 16_000),
      ),
  );
  const after = join(silence(500, 16_000), hum);

  it('is speech for as long as it lasts without the gate', async () => {
    expect(types(await hear(after, { hum: 'pass' }))).toEqual(['speech']);
  });

  it('is found out after half a second, and silence then begins where the hum did', async () => {
    const events = await hear(after);
    expect(types(events)).toEqual(['speech', 'silence']);
    expect(events[1]!.at).toBeLessThanOrEqual(600_000);
    expect(events[1]!.toldAt).toBeLessThanOrEqual(1_200_000);
  });

  it('hides no speech over it, behind it or weaker than it', async () => {
    const over = after.slice();
    for (const [index, sample] of vowel(600, 16_000).entries()) over[96_000 + index]! += Math.round(sample / 2);
    const events = await hear(over);
    expect(types(events)).toEqual(['speech', 'silence', 'speech', 'silence']);
    expect(Math.abs(events[2]!.at - 6_000_000)).toBeLessThanOrEqual(50_000);
    const weak = vowel(600, 16_000).map((sample) => sample / 8);
    const behind = await hear(join(after, silence(300, 16_000), weak, silence(300, 16_000)));
    expect(types(behind)).toEqual(['speech', 'silence', 'speech', 'silence']);
    expect(Math.abs(behind[2]!.at - 20_800_000)).toBeLessThanOrEqual(50_000);
  });
});

describe('settings', () => {
  it('are refused at once, of the model and while it runs', async () => {
    expect(() => fvad({ mod: 3 } as never)).toThrow(/did you mean mode\?/);
    expect(() => fvad({ mode: 4 } as never)).toThrow(TypeError);
    expect(() => fvad({ minSpeechMs: 0 })).toThrow(RangeError);
    expect(() => fvad({ minSilenceMs: Number.NaN })).toThrow(TypeError);
    expect(() => fvad({ hum: 'yes' } as never)).toThrow(/'gate' or 'pass'/);
    const session = await fvad({ mode: 2 }).open();
    expect(() => session.update({ mode: -1 } as never)).toThrow(TypeError);
    expect(session.settings.mode).toBe(2);
    await session.close();
    await expect(fvad().open({ settings: { hum: 3 } as never })).rejects.toThrow(TypeError);
  });

  it('change while it runs', async () => {
    // Noise that grows: mode 2 takes it for voice, mode 3 does not.
    const noise = join(
      silence(300, 16_000),
      testNoise({ length: 24_000, amplitude: 200 }).map((sample, index) => sample * Math.min(1, index / 8_000)),
    );
    const off = { hum: 'pass' } as const;
    const lenient = await hear(noise, { ...off, mode: 2 });
    const strict = await hear(noise, { ...off, mode: 3 });
    expect(types(lenient)).toContain('speech');
    expect(strict).toEqual([]);
    const session = await fvad({ ...off, mode: 2 }).open();
    session.update({ mode: 3 });
    write(session, noise);
    expect(await told(session)).toEqual(strict);
  });

  it('are what it says of its lateness', () => {
    expect(fvad({ minSpeechMs: 60, minSilenceMs: 250 }).latencyMs).toEqual({ speech: 60, silence: 250 });
    expect(isVoiceModel(fvad(), 'voice-detector')).toBe(true);
  });
});

describe('a session', () => {
  it('refuses sound that it does not hear, and says what makes it so', async () => {
    const form = { samples: new Int16Array(882), timestamp: micros(0) };
    const wrong = [
      new AudioFrame({ ...form, sampleRate: 44_100, channels: 1 }),
      new AudioFrame({ ...form, sampleRate: 16_000, channels: 2 }),
      videoFrame({ data: new Uint8Array(16), width: 2, height: 2, format: 'RGBA', timestamp: micros(0) }) as never,
    ];
    for (const frame of wrong) {
      const session = await fvad().open();
      session.write(frame);
      const lost = await told(session).catch((error: unknown) => error);
      expect(isVoiceError(lost) && isSluiceError(lost)).toBe(true);
      expect(categoryOf(lost)).toBe('give-up');
      expect(String(lost)).toMatch(/resample\(\{ sampleRate: 16000 \}\)/);
      expect(() => session.write(frame)).toThrow(/closed/);
    }
  });

  it('hears for itself alone', async () => {
    const [loud, quiet] = [sentence(16_000), silence(1_800, 16_000)];
    const [a, b] = [await fvad().open(), await fvad({ mode: 2 }).open()];
    for (let at = 0; at < loud.length; at += 160) {
      write(a, loud.subarray(at, at + 160), { at: samplesToMicros(at, 16_000) });
      write(b, quiet.subarray(at, at + 160), { at: samplesToMicros(at, 16_000) });
    }
    expect(await told(a)).toEqual(await hear(loud));
    expect(await told(b)).toEqual([]);
  });

  it('gives its memory back, once, also when it is aborted in mid-speech', async () => {
    const wasm = await loadFvad();
    const [made, freed] = [vi.spyOn(wasm, '_fvad_new'), vi.spyOn(wasm, '_fvad_free')];
    const [taken, given] = [vi.spyOn(wasm, '_malloc'), vi.spyOn(wasm, '_free')];
    const session = await fvad().open();
    await Promise.all([session.close(), session.close()]);
    const abort = new AbortController();
    const aborted = await fvad().open({ signal: abort.signal, clock: new VirtualClock() });
    write(aborted, vowel(300, 16_000));
    abort.abort();
    for await (const event of aborted) expect(event.type).toBe('speech');
    await expect(fvad().open({ signal: abort.signal })).rejects.toThrow(/abort/i);
    for (const spy of [made, freed, taken, given]) expect(spy).toHaveBeenCalledTimes(2);
    vi.restoreAllMocks();
  });

  it('waits where there is no memory for it', async () => {
    const wasm = await loadFvad();
    const malloc = vi.spyOn(wasm, '_malloc').mockReturnValueOnce(0);
    const freed = vi.spyOn(wasm, '_fvad_free');
    await expect(fvad().open()).rejects.toMatchObject({ code: 'SLUICE_VOICE_MODEL', category: 'wait' });
    expect(freed).toHaveBeenCalledOnce();
    malloc.mockRestore();
    freed.mockRestore();
  });

  it('takes garbage for no voice that begins anew each time', async () => {
    const random = seededRandom(5);
    const session = await fvad({ mode: 0 }).open();
    for (let index = 0; index < 300; index++)
      write(
        session,
        Int16Array.from({ length: Math.floor(random() * 900) }, () => (random() < 0.5 ? -32_768 : 32_767)),
        {
          at: Math.floor(random() * 1e12) - 5e11,
          sampleRate: [8_000, 16_000, 32_000, 48_000][Math.floor(random() * 4)]!,
        },
      );
    const events = await told(session);
    for (const [index, { type, at, toldAt }] of events.entries()) {
      expect(type).toBe(index % 2 === 0 ? 'speech' : 'silence');
      expect(toldAt).toBeGreaterThanOrEqual(at);
    }
  });
});
