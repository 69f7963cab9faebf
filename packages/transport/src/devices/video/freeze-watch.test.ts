import { expect, it } from 'vitest';
import { FreezeWatch } from './freeze-watch.ts';

const size = { width: 64, height: 36 };

/** Pictures that change each time, unless they are to stand still. */
function setup() {
  const watch = new FreezeWatch();
  let now = 0;
  let level = 0;
  const picture = (moves = true) => {
    if (moves) level = (level + 40) % 240;
    watch.picture({ ...size, data: new Uint8Array((size.width * size.height * 3) / 2).fill(level) }, now);
  };
  /** So many pictures, each so many milliseconds after the one before. */
  const play = (count: number, intervalMs: number, moves = true) => {
    for (let done = 0; done < count; done++) {
      now += intervalMs;
      picture(moves);
    }
  };
  return { watch, play };
}

it('takes an interval of three times the average, and of 150 ms more, for a freeze', () => {
  const { watch, play } = setup();
  play(11, 100);
  expect(watch.counts).toEqual({ gaps: 0, gapMs: 0, concealedMs: 0, playedMs: 1_000 });
  play(1, 299);
  expect(watch.counts.gaps).toBe(0);
  play(30, 100);
  play(1, 300);
  expect(watch.counts).toMatchObject({ gaps: 1, gapMs: 300, playedMs: 4_599 });
  play(60, 40);
  play(1, 189);
  expect(watch.counts.gaps).toBe(1);
  play(30, 40);
  play(1, 190);
  expect(watch.counts).toMatchObject({ gaps: 2, gapMs: 490 });
});

it('judges by the last 30 intervals, and by none before there are five', () => {
  const { watch, play } = setup();
  play(5, 40);
  play(1, 2_000);
  expect(watch.counts.gaps).toBe(0);
  play(30, 500);
  play(1, 1_400);
  expect(watch.counts.gaps).toBe(0);
  play(30, 40);
  play(1, 400);
  expect(watch.counts).toMatchObject({ gaps: 1, gapMs: 400 });
});

it('counts nothing that stands still: a card that is sent again each second, or is made finer', () => {
  const { watch, play } = setup();
  play(30, 40);
  play(10, 1_000, false);
  expect(watch.counts).toEqual({ gaps: 0, gapMs: 0, concealedMs: 0, playedMs: 29 * 40 + 10_000 });
});

it('counts neither what is longer than 5 s nor what was meant so, but an interruption of any length', () => {
  const { watch, play } = setup();
  play(30, 40);
  play(1, 5_001);
  play(30, 40);
  watch.pause();
  play(1, 3_000);
  expect(watch.counts).toMatchObject({ gaps: 0, playedMs: 59 * 40 });
  play(1, 40);
  watch.interrupt();
  play(1, 20_000, false);
  expect(watch.counts).toMatchObject({ gaps: 1, gapMs: 20_000, playedMs: 60 * 40 + 20_000 });
  watch.pause();
  watch.interrupt();
  play(2, 900);
  expect(watch.counts.gaps).toBe(1);
});
