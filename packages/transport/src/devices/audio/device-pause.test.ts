import { seededRandom, VirtualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { virtualMediaHost } from '../../testing/virtual-media-host.ts';
import { VirtualMicrophoneDevice } from './virtual-microphone.ts';

function setup(sampleRate = 16_000) {
  const clock = new VirtualClock();
  const host = virtualMediaHost(clock);
  const microphone = new VirtualMicrophoneDevice({
    name: 'mic',
    sampleRate,
    channels: 1,
    nonBlocking: false,
    autoSilence: true,
    cushionMs: 60,
    capacityMs: 250,
    clock,
    host,
  });
  microphone.input.use().set('heard');
  return { clock, host, microphone, heard: () => host.sent.at(-1)!.samples };
}

/** A sound that is never silent: a tone that stands on a constant. */
const sound = (ms: number, sampleRate = 16_000) =>
  Int16Array.from({ length: Math.round((ms * sampleRate) / 1000) }, (_, index) =>
    Math.round(12_000 + 6_000 * Math.sin((2 * Math.PI * 440 * index) / sampleRate)),
  );

/** So many silent samples are a pause. */
const PAUSE = 200;

/** What lies between pauses, without what comes before the first sound and after the last. */
function stretches(samples: Int16Array): Int16Array[] {
  const found: Int16Array[] = [];
  const first = samples.findIndex((sample) => sample !== 0);
  let [start, silent] = [first, 0];
  for (let at = first; at < samples.length; at++) {
    silent = samples[at] === 0 ? silent + 1 : 0;
    if (silent === 1 && start >= 0 && at > start) continue;
    if (silent === PAUSE) {
      found.push(samples.subarray(start, at + 1 - PAUSE));
      start = -1;
    } else if (silent === 0 && start < 0) start = at;
  }
  return found;
}

describe('a paused microphone', () => {
  // 22,050 and 11,025 Hz are not the engine's: a converter stands before the queue.
  it.each([16_000, 48_000, 22_050, 11_025])(
    'is heard without a missing or doubled sample, paused at twenty random moments, at %i Hz',
    async (sampleRate) => {
      const all = sound(8_000, sampleRate);
      const speak = async (microphone: VirtualMicrophoneDevice) => {
        const step = sampleRate / 50;
        for (let at = 0; at < all.length; at += step) await microphone.writeFrames(all.slice(at, at + step));
        microphone.flush();
      };
      const whole = setup(sampleRate);
      void speak(whole.microphone);
      await whole.clock.advance(9_000);
      const [reference] = stretches(whole.heard()) as [Int16Array];

      const { clock, host, microphone, heard } = setup(sampleRate);
      void speak(microphone);
      const random = seededRandom(sampleRate);
      await clock.advance(100);
      for (let pause = 0; pause < 20; pause++) {
        await clock.advance(20 + random() * 350);
        const before = heard().length;
        const stands = microphone.pause();
        await clock.advance(30 + random() * 20);
        await stands;
        const { playoutPosition, counters } = microphone;
        await clock.advance(random() * 600);
        // The last sound is within 20 ms.
        const tail = heard().subarray(before);
        expect(tail.subarray(host.sent[0]!.sampleRate / 50).every((sample) => sample === 0)).toBe(true);
        expect(microphone.playoutPosition).toBe(playoutPosition);
        expect(microphone.counters.played).toBe(counters.played);
        expect(Math.abs(playoutPosition - counters.played)).toBeLessThan(1);
        microphone.resume();
      }
      await clock.advance(12_000);

      const parts = stretches(heard());
      expect(parts).toHaveLength(21);
      const fade = host.sent[0]!.sampleRate / 200;
      let at = 0;
      for (const [index, part] of parts.entries()) {
        const last = index === parts.length - 1;
        // The last sample of a fade is silent.
        const length = part.length + (last ? 0 : 1);
        const [from, to] = [index === 0 ? 0 : fade, last ? length : length - fade];
        expect(part.subarray(from, to)).toEqual(reference.subarray(at + from, at + to));
        for (let sample = 0; sample < from; sample++)
          expect(part[sample]).toBe(Math.round(reference[at + sample]! * ((sample + 1) / fade)));
        for (let sample = to; sample < part.length; sample++)
          expect(part[sample]).toBe(Math.round(reference[at + sample]! * ((fade - (sample + 1 - to)) / fade)));
        at += length;
      }
      expect(at).toBe(reference.length);
      expect(microphone.counters).toMatchObject({ played: all.length, dropped: 0, underruns: 0 });
    },
  );

  it('keeps receipts, marks and writers waiting', async () => {
    const { clock, microphone } = setup();
    const events: string[] = [];
    const note = (event: string) => events.push(`${event} ${clock.now()}`);
    const first = microphone.write(sound(100));
    first.mark(80, () => note('mark'));
    void first.finished.then(({ playedMs, interrupted }) => note(`finished ${playedMs} ${interrupted}`));
    await clock.advance(45);
    await Promise.all([microphone.pause({ fadeMs: 5 }), clock.advance(100)]);
    const second = microphone.write(sound(300));
    void second.accepted.then(() => note('accepted'));
    void second.started.then((started) => note(`started ${started}`));
    await clock.advance(5_000);
    expect(events).toEqual([]);
    expect(microphone.queuedDuration).toBe(355);
    microphone.resume();
    await clock.advance(500);
    expect(events).toEqual(['mark 5180', 'finished 100 false 5200', 'started true 5200', 'accepted 5250']);
    expect(await second.finished).toEqual({ playedMs: 300, interrupted: false });
  });

  it('is cleared meanwhile: says what was heard, and begins anew when it is resumed', async () => {
    const { clock, microphone, heard } = setup();
    const receipts = [microphone.write(sound(100)), microphone.write(sound(100))];
    await clock.advance(150);
    await Promise.all([microphone.pause(), clock.advance(100)]);
    expect(await microphone.clear()).toBe(45);
    expect(await Promise.all(receipts.map(({ finished }) => finished))).toEqual([
      { playedMs: 100, interrupted: false },
      { playedMs: 55, interrupted: true },
    ]);
    const next = microphone.write(sound(100));
    const before = heard().length;
    await clock.advance(1_000);
    microphone.resume();
    await clock.advance(200);
    expect(await next.finished).toEqual({ playedMs: 100, interrupted: false });
    expect(stretches(heard().subarray(before))).toEqual([sound(100)]);
  });

  it('is still paused when the engine has died and come again', async () => {
    const { clock, host, microphone, heard } = setup();
    const lost = microphone.write(sound(1_000));
    await clock.advance(500);
    await Promise.all([microphone.pause(), clock.advance(100)]);
    host.die();
    expect(await lost.finished).toEqual({ playedMs: 505, interrupted: true });
    const next = microphone.write(sound(100));
    await clock.advance(1_000);
    expect(heard().every((sample) => sample === 0)).toBe(true);
    microphone.resume();
    await clock.advance(200);
    expect(await next.finished).toEqual({ playedMs: 100, interrupted: false });
    expect(stretches(heard())).toEqual([sound(100)]);
  });

  it('holds media that waits for a far side, too', async () => {
    const { clock, microphone, heard } = setup();
    await microphone.pause();
    const receipt = microphone.write(sound(100));
    await clock.advance(1_000);
    expect(heard().every((sample) => sample === 0)).toBe(true);
    microphone.resume();
    microphone.resume();
    await clock.advance(200);
    expect(await receipt.finished).toEqual({ playedMs: 100, interrupted: false });
  });

  it('may be destroyed, and refuses what makes no sense', async () => {
    const { clock, microphone } = setup();
    const receipt = microphone.write(sound(500));
    await clock.advance(100);
    const stands = microphone.pause();
    microphone.close();
    await clock.advance(100);
    await stands;
    expect((await receipt.finished).interrupted).toBe(true);
    const destroyed = { code: 'SLUICE_DEVICE_DESTROYED' };
    await expect(microphone.pause()).rejects.toMatchObject(destroyed);
    expect(() => microphone.resume()).toThrow(expect.objectContaining(destroyed));
    await expect(setup().microphone.pause({ fadeMs: -1 })).rejects.toThrow(RangeError);
    await expect(setup().microphone.pause({ fade: 1 } as never)).rejects.toThrow(TypeError);
  });
});
