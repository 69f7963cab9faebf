import { testTone, VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { virtualDevices } from '../../testing/virtual-devices.ts';

const tone = testTone({ sampleRate: 16_000, frequency: 440, durationMs: 20 });

function setup() {
  const clock = new VirtualClock();
  const { host, ...devices } = virtualDevices({ clock });
  const microphone = devices.createMicrophoneDevice('mic', { sampleRate: 16_000 });
  /** Writes as far ahead as it may. */
  const speak = async (ms: number) => {
    for (let at = 0; at < ms; at += 20) {
      const written = microphone.writeFrames(tone);
      while (microphone.queuedDuration > microphone.capacityMs) await clock.advance(10);
      await written;
    }
  };
  return { clock, host, microphone, speak };
}

test('a device that idles, plays, ends and plays again has none', async () => {
  const { clock, microphone, speak } = setup();
  await clock.advance(500);
  expect(microphone.glitches).toMatchObject({ gaps: 0, playedMs: 0, gapsPerHour: 0 });
  for (let utterance = 0; utterance < 3; utterance++) {
    await speak(1_000);
    microphone.flush();
    await clock.advance(600);
  }
  expect(microphone.glitches).toMatchObject({ gaps: 0, gapMs: 0, concealedMs: 0, playedMs: 3_000 });
});

test('a writer that stops in the middle leaves a gap as long as nothing was there', async () => {
  const { clock, microphone, speak } = setup();
  await speak(1_000);
  await clock.advance(microphone.queuedDuration + 300);
  await speak(1_000);
  microphone.flush();
  await clock.advance(600);
  const { gaps, gapMs, playedMs, gapsPerHour } = microphone.glitches;
  expect([gaps, gapsPerHour]).toEqual([1, 60]);
  expect(gapMs).toBeGreaterThanOrEqual(290);
  expect(gapMs).toBeLessThanOrEqual(320);
  expect(playedMs).toBeCloseTo(2_000 + gapMs);
  expect(microphone.counters.underruns).toBe(1);
});

test('a death of the engine is a gap until it goes on, if somebody has more to say', async () => {
  const { clock, host, microphone, speak } = setup();
  await speak(1_000);
  const retryAt = clock.now() + 2_000;
  host.die({ retryAt });
  await speak(1_000);
  const { gaps, gapMs } = microphone.glitches;
  expect(gaps).toBe(1);
  expect(gapMs).toBeGreaterThan(0);
  microphone.flush();
  await clock.advance(600);
  host.die();
  await clock.advance(5_000);
  await speak(500);
  expect(microphone.glitches.gaps).toBe(1);
  host.die();
  await clock.advance(5_000);
  await speak(500);
  expect(microphone.glitches.gaps).toBe(1);
});
