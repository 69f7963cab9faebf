import { testTone } from '@sluice/core/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { SilentArrival } from './silent-arrival.ts';

const tone = testTone({ sampleRate: 48_000, frequency: 400, durationMs: 10, amplitude: 8_000 });
/** What Opus makes of zeros. */
const zeros = new Int16Array(480).map((_, at) => (at % 7 === 0 ? 1 : 0));

let arrival: SilentArrival;
beforeEach(() => {
  arrival = new SilentArrival();
});

interface Comes {
  readonly bytes?: number;
  readonly missedMs?: number;
}

/** A look each two seconds. */
function comes(seconds: number, piece: Int16Array, { bytes = 30, missedMs = 0 }: Comes = {}): void {
  for (let at = 0; at < seconds; at += 2) {
    for (let count = 0; count < 200; count++) arrival.take(piece);
    arrival.measure({ arrivedMs: 2_000 - missedMs, missedMs, packets: 100, bytes: 100 * bytes });
  }
}
const problem = (isProgram = false) => arrival.problem("ann's microphone", isProgram);

describe('packets come, and the sound in them is zeros', () => {
  test('is told after ten seconds, with how long', () => {
    comes(8, zeros);
    expect(problem()).toBeUndefined();
    comes(4, zeros);
    expect(problem()).toMatch(/^gets packets of ann's microphone, which is not muted, .* for all of 12 s: /);
  });

  test('is over with the first sound', () => {
    comes(12, zeros);
    comes(2, tone);
    expect(problem()).toBeUndefined();
  });

  test('is told of nobody who was heard before, or is a program: they may have nothing to say', () => {
    comes(2, tone);
    comes(30, zeros);
    expect(problem()).toBeUndefined();
    arrival = new SilentArrival();
    comes(30, zeros);
    expect(problem(true)).toBeUndefined();
  });

  test('is told of everybody whose packets are too large for silence', () => {
    comes(2, tone);
    comes(12, zeros, { bytes: 160 });
    expect(problem(true)).toMatch(/too large for silence, .* for 12 s: a gateway lost its stream/);
  });

  test('is not told where nothing comes, nor of what came before that', () => {
    comes(8, zeros);
    comes(20, zeros, { missedMs: 1_900 });
    comes(8, zeros);
    expect(problem()).toBeUndefined();
  });

  test('is not told of a faint sound', () => {
    comes(
      20,
      tone.map((sample) => sample / 2_000),
    );
    expect(problem()).toBeUndefined();
  });
});
