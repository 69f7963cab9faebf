import { type AudioFrame, createSink, graph, inWorker, realClock, sleep } from '@sluice/core';
import { fromSilence, pace, toNull } from '@sluice/nodes';
import { serve } from './serve.ts';

const tickMs = 10;
/** What a measurement itself may be off, in milliseconds. */
const toleranceMs = 0.1;

export interface Lateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Percent of ticks that came before their time. */
  readonly early: number;
}

/** Calls `tick` every 10 ms until the end, first at `first` (undefined: at once, and then by that). */
type Ticker = (tick: () => void) => { readonly first?: number; end(): void };

const tickers: Readonly<Record<string, Ticker>> = { graph: pacedGraph, clock, interval, timeout };

serve({
  /** How far ticks are off their schedule, of all kinds at the same time, in milliseconds. */
  async run(seconds: number, burning: boolean): Promise<Record<string, Lateness>> {
    const neighbour = burning ? burningGraph() : undefined;
    await neighbour?.start();
    await sleep(realClock, 1_000);
    const running = Object.entries(tickers).map(([name, start]) => {
      const times: number[] = [];
      return { name, times, ticker: start(() => times.push(performance.now())) };
    });
    await sleep(realClock, seconds * 1000);
    for (const { ticker } of running) ticker.end();
    neighbour?.abort();
    await neighbour?.finished.catch(() => {});
    return Object.fromEntries(running.map(({ name, times, ticker }) => [name, lateness(times, ticker.first)]));
  },
});

/** A tick that is early (Node's timers take whole milliseconds) is off as well. */
function lateness(times: readonly number[], first = times[0]!): Lateness {
  const late = times.map((time, index) => time - first - index * tickMs);
  const off = late.map(Math.abs).sort((a, b) => a - b);
  const at = (share: number) => off[Math.min(off.length - 1, Math.floor(share * off.length))] ?? Number.NaN;
  const early = (100 * late.filter((ms) => ms < -toleranceMs).length) / late.length;
  return { p50: at(0.5), p99: at(0.99), max: at(1), early };
}

/** Another graph of this process; its node takes nine tenths of a core, on a thread of its own. */
function burningGraph() {
  const neighbour = graph('neighbour');
  const burn = inWorker<AudioFrame>({ module: new URL('./burn.ts', import.meta.url), options: { ms: 18 } });
  neighbour
    .from(fromSilence({ live: true, frameMs: 20 }))
    .pipe(burn)
    .to(toNull());
  return neighbour;
}

function pacedGraph(tick: () => void) {
  const paced = graph('paced');
  const sink = createSink<AudioFrame>({
    name: 'ticks',
    open: () => ({
      write(frame) {
        tick();
        frame.close();
      },
      end() {},
    }),
  });
  paced
    .from(fromSilence({ frameMs: tickMs }))
    .pipe(pace({ cushionMs: 0 }))
    .to(sink);
  void paced.run().catch(() => {});
  return { end: () => paced.abort() };
}

function clock(tick: () => void) {
  const first = realClock.now() + tickMs;
  let due = first;
  const next = () => {
    due += tickMs;
    tick();
    cancel = realClock.at(due, next);
  };
  let cancel = realClock.at(due, next);
  return { first, end: () => cancel() };
}

function interval(tick: () => void) {
  const timer = setInterval(tick, tickMs);
  return { first: performance.now() + tickMs, end: () => clearInterval(timer) };
}

/** Each wait is shortened by what the last one was late. */
function timeout(tick: () => void) {
  const first = performance.now() + tickMs;
  let due = first;
  const next = () => {
    due += tickMs;
    tick();
    timer = setTimeout(next, due - performance.now());
  };
  let timer = setTimeout(next, tickMs);
  return { first, end: () => clearTimeout(timer) };
}
