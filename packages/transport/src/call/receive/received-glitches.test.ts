import { testTone, VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import type { RoomConnectionStats } from '../../room/driver.ts';
import { ReceivedGlitches } from './received-glitches.ts';

const tone = testTone({ sampleRate: 48_000, frequency: 400, durationMs: 10, amplitude: 8_000 });

/** The only part of it that is looked at. */
const connection = (participantId: string, concealedMs: number, seconds: number) =>
  ({
    id: 1,
    audio: [
      {
        participantId,
        name: 'microphone',
        packetsReceived: 50 * seconds,
        bytesReceived: 1_500 * seconds,
        totalSamplesReceived: 48_000 * seconds,
        concealedSamples: 48 * concealedMs,
        silentConcealedSamples: 0,
        concealmentEvents: concealedMs > 0 ? 1 : 0,
      },
    ],
  }) as unknown as RoomConnectionStats;

test('each track is counted by itself, from the first piece until its participant leaves', async () => {
  const clock = new VirtualClock();
  const glitches = new ReceivedGlitches(clock);
  expect(glitches.of('ada', 'microphone')).toBeUndefined();
  glitches.measure([connection('ada', 0, 1)]);
  expect(glitches.list()).toEqual([]);
  for (const id of ['ada', 'bob']) glitches.take(id, 'microphone', tone);
  glitches.measure([connection('ada', 0, 1), connection('bob', 0, 1)]);
  for (const id of ['ada', 'bob']) glitches.take(id, 'microphone', tone);
  glitches.measure([connection('ada', 30, 61), connection('bob', 0, 61)]);
  expect(glitches.of('ada', 'microphone')).toMatchObject({ concealedMs: 30 });
  expect(glitches.list()).toMatchObject([
    { edge: 'receiver', kind: 'audio', track: 'microphone', participantId: 'ada', concealedMsPerHour: 1_800 },
    { edge: 'receiver', participantId: 'bob', concealedMs: 0, playedMs: 60_000 },
  ]);
  glitches.end('ada');
  expect(glitches.list()).toHaveLength(1);
  glitches.arrival('bob', 'microphone', 'interrupted');
  glitches.arrival('nobody', 'microphone', 'interrupted');
  await clock.advance(700);
  glitches.arrival('bob', 'microphone', 'arrives');
  expect(glitches.of('bob', 'microphone')).toMatchObject({ gaps: 1, gapMs: 700 });
  glitches.clear();
  expect(glitches.list()).toEqual([]);
});

test('pictures are counted beside sound, but not while they are not meant to come', async () => {
  const clock = new VirtualClock();
  const glitches = new ReceivedGlitches(clock);
  let level = 0;
  const sees = async (count: number, everyMs: number) => {
    for (let done = 0; done < count; done++) {
      await clock.advance(everyMs);
      level = (level + 50) % 200;
      glitches.show('ada', 'camera', { width: 16, height: 16, data: new Uint8Array(384).fill(level) });
    }
  };
  await sees(11, 40);
  await sees(1, 600);
  glitches.arrival('ada', 'camera', 'paused');
  await sees(11, 800);
  glitches.arrival('ada', 'camera', 'interrupted');
  await sees(1, 7_000);
  expect(glitches.of('ada', 'camera')).toMatchObject({ gaps: 2, gapMs: 7_600, playedMs: 16_000 });
  expect(glitches.list()).toMatchObject([{ edge: 'receiver', kind: 'video', track: 'camera', participantId: 'ada' }]);
  glitches.end('ada');
  expect(glitches.list()).toEqual([]);
});
