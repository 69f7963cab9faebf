import { testTone } from '@sluice/core/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { ReceivedTrack } from './received-track.ts';

const tone = testTone({ sampleRate: 48_000, frequency: 400, durationMs: 10, amplitude: 8_000 });
const faint = tone.map((sample) => sample / 40);
const silence = new Int16Array(480);

let track: ReceivedTrack;
let stats: Parameters<ReceivedTrack['measure']>[1];

beforeEach(() => {
  track = new ReceivedTrack();
  stats = {
    name: 'microphone',
    packetsReceived: 0,
    bytesReceived: 0,
    totalSamplesReceived: 0,
    concealedSamples: 0,
    silentConcealedSamples: 0,
    concealmentEvents: 0,
  };
});

type Lost = { readonly concealed?: number; readonly silent?: number; readonly events?: number };

/** So much of a piece is played, of which so much, in milliseconds, was made up by the engine. */
function plays(ms: number, piece: Int16Array, { concealed = 0, silent = 0, events = 0 }: Lost = {}): void {
  for (let at = 0; at < ms; at += 10) track.take(piece);
  stats = {
    ...stats,
    totalSamplesReceived: stats.totalSamplesReceived + 48 * ms,
    concealedSamples: stats.concealedSamples + 48 * concealed,
    silentConcealedSamples: stats.silentConcealedSamples + 48 * silent,
    concealmentEvents: stats.concealmentEvents + events,
  };
}

const measure = (connection = 1) => track.measure(connection, stats);

function sounds(): void {
  plays(20, tone);
  measure();
  plays(2_000, tone);
  measure();
}

const counts = () => ({ ...track.counts });
const clean = (playedMs: number) => ({ gaps: 0, gapMs: 0, concealedMs: 0, playedMs });

describe('what is no glitch', () => {
  test('a steady sound', () => {
    sounds();
    expect(counts()).toEqual(clean(2_000));
  });

  test('what is made up before the first sound', () => {
    plays(500, silence, { silent: 480, concealed: 20, events: 1 });
    measure();
    plays(1_000, silence, { silent: 600, events: 2 });
    plays(1_000, tone);
    measure();
    expect(counts()).toEqual(clean(1_400));
    plays(2_000, tone);
    measure();
    expect(counts()).toEqual(clean(3_400));
  });

  test('what is made up in a pause, while silence arrives', () => {
    sounds();
    plays(2_000, silence, { concealed: 40, events: 2 });
    measure();
    plays(2_000, silence, { concealed: 40, events: 2 });
    measure();
    plays(2_000, tone);
    measure();
    expect(counts()).toMatchObject({ gaps: 0, gapMs: 0, concealedMs: 0 });
  });

  test('an end after which nothing is sent, and the next beginning', () => {
    sounds();
    plays(1_700, tone);
    plays(80, tone, { concealed: 80, events: 1 });
    plays(220, silence, { concealed: 40, silent: 180 });
    measure();
    plays(2_000, silence, { silent: 2_000 });
    measure();
    plays(900, silence, { silent: 900 });
    plays(1_100, tone);
    measure();
    expect(counts()).toMatchObject({ gaps: 0, gapMs: 0, concealedMs: 0 });
  });

  test('words and their pauses', () => {
    sounds();
    for (let word = 0; word < 8; word++) {
      plays(150, tone);
      plays(100, faint);
    }
    measure();
    expect(counts()).toEqual(clean(4_000));
  });
});

describe('what is one', () => {
  test('sound that was made up so well that it does not break off', () => {
    sounds();
    plays(1_000, tone, { concealed: 30, events: 1 });
    measure();
    expect(counts()).toEqual({ gaps: 0, gapMs: 0, concealedMs: 30, playedMs: 3_000 });
  });

  test('a hole that arrived is none, though a little within it was made up', () => {
    sounds();
    plays(800, tone);
    plays(300, silence, { concealed: 20, events: 1 });
    plays(900, tone);
    measure();
    expect(counts()).toMatchObject({ gaps: 0, gapMs: 0, concealedMs: 20 });
  });

  test('a hole counts once, however often the engine began anew', () => {
    sounds();
    plays(800, tone);
    plays(80, tone, { concealed: 80, events: 1 });
    plays(120, faint, { concealed: 60, silent: 60, events: 2 });
    plays(1_000, tone);
    measure();
    expect(counts()).toEqual({ gaps: 1, gapMs: 120, concealedMs: 80, playedMs: 4_000 });
  });

  test('several, each of them, but no more than the engine knows of', () => {
    sounds();
    for (let hole = 0; hole < 3; hole++) {
      plays(400, tone);
      plays(100, faint, { concealed: hole < 2 ? 100 : 0, events: hole < 2 ? 1 : 0 });
    }
    plays(500, tone);
    measure();
    expect(counts()).toMatchObject({ gaps: 2, gapMs: 200, concealedMs: 0 });
  });

  test.each([
    ['a pause', {}],
    ['the last sound before nothing is sent', { silent: 1_100 }],
  ])('a hole before %s that comes in the same two seconds', (_, lost) => {
    sounds();
    plays(400, tone);
    plays(200, silence, { concealed: 60, silent: 140, events: 1 });
    plays(200, tone);
    plays(1_200, silence, lost);
    measure();
    expect(counts()).toMatchObject({ gaps: 1, gapMs: 200, concealedMs: 0 });
    plays(2_000, silence);
    measure();
    expect(counts()).toMatchObject({ gaps: 1, gapMs: 200, concealedMs: 0 });
  });

  test('a hole in which it is measured', () => {
    sounds();
    plays(1_900, tone);
    plays(50, tone, { concealed: 50, events: 1 });
    plays(50, silence, { silent: 50 });
    measure();
    expect(counts().gaps).toBe(0);
    plays(250, silence, { silent: 250 });
    plays(1_750, tone);
    measure();
    expect(counts()).toEqual({ gaps: 1, gapMs: 300, concealedMs: 50, playedMs: 6_000 });
  });

  test('an interruption, from the last sound on, whatever the new connection counts', () => {
    sounds();
    plays(1_000, silence, { silent: 1_000, events: 1 });
    plays(1_000, silence, { silent: 1_000 });
    measure();
    track.interrupted(10_000);
    track.interrupted(11_000);
    track.arrives(13_000);
    track.arrives(14_000);
    expect(counts()).toMatchObject({ gaps: 1, gapMs: 5_000 });
    stats = { ...stats, totalSamplesReceived: 0, concealedSamples: 0, silentConcealedSamples: 0, concealmentEvents: 0 };
    plays(300, silence, { silent: 300, concealed: 30, events: 1 });
    plays(700, tone);
    measure(2);
    plays(2_000, tone);
    measure(2);
    expect(counts()).toMatchObject({ gaps: 1, gapMs: 5_000, concealedMs: 0 });
  });
});

test('an interruption of somebody who was silent is none, and a measurement that comes late is left out', () => {
  plays(1_000, silence);
  measure();
  track.interrupted(0);
  track.arrives(9_000);
  expect(counts().gaps).toBe(0);
  sounds();
  const older = stats;
  plays(100, tone, { concealed: 30, events: 1 });
  measure();
  track.measure(1, older);
  measure();
  expect(counts().concealedMs).toBe(30);
});
