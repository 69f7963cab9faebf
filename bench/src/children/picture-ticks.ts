import { createSink, graph, realClock, sleep, type VideoFrame } from '@sluice/core';
import { fromTestPattern, pace } from '@sluice/nodes';
import { serve } from './serve.ts';

const intervalMs = 1000 / 30;

export interface Intervals {
  /** Time from one picture to the next, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** How far 99 of 100 intervals are from a thirtieth of a second, at most. */
  readonly off: number;
  /** How far the last picture is from where the first one and its number put it. */
  readonly drift: number;
}

const tickers: Readonly<Record<string, (tick: () => void) => () => void>> = { paced, interval, timeout };

serve({
  /** Intervals between pictures at 30 a second, of all kinds at the same time. */
  async run(seconds: number): Promise<Record<string, Intervals>> {
    const running = Object.entries(tickers).map(([name, start]) => {
      const times: number[] = [];
      return { name, times, end: start(() => times.push(performance.now())) };
    });
    await sleep(realClock, seconds * 1000);
    for (const { end } of running) end();
    return Object.fromEntries(running.map(({ name, times }) => [name, intervals(times)]));
  },
});

function intervals(times: readonly number[]): Intervals {
  const lengths = times.slice(1).map((time, index) => time - times[index]!);
  const at = (values: readonly number[], share: number) =>
    [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;
  const offs = lengths.map((length) => Math.abs(length - intervalMs));
  const drift = Math.abs(times.at(-1)! - times[0]! - lengths.length * intervalMs);
  return { p50: at(lengths, 0.5), p99: at(lengths, 0.99), off: at(offs, 0.99), drift };
}

/** A test pattern of 720p through a graph. */
function paced(tick: () => void): () => void {
  const pictures = graph('paced');
  const sink = createSink<VideoFrame>({
    name: 'ticks',
    open: () => ({
      write(frame) {
        tick();
        frame.close();
      },
      end() {},
    }),
  });
  pictures
    .from(fromTestPattern({ frameRate: 30 }))
    .pipe(pace())
    .to(sink);
  void pictures.run().catch(() => {});
  return () => pictures.abort();
}

function interval(tick: () => void): () => void {
  const timer = setInterval(tick, intervalMs);
  return () => clearInterval(timer);
}

/** Each wait is shortened by what the last one was late. */
function timeout(tick: () => void): () => void {
  let due = performance.now() + intervalMs;
  const next = () => {
    due += intervalMs;
    tick();
    timer = setTimeout(next, due - performance.now());
  };
  let timer = setTimeout(next, intervalMs);
  return () => clearTimeout(timer);
}
