import { type AudioFrame, createSink, graph, inWorker, realClock, sleep } from '@sluice/core';
import { fromSilence, pace, toNull } from '@sluice/nodes';
import { serve } from './serve.ts';

const tickMs = 10;

/** Calls `tick` every 10 ms until the end, first at `first` (undefined: at once, and then by that). */
type Ticker = (tick: () => void) => { readonly first?: number; end(): void };

const tickers: Readonly<Record<string, Ticker>> = { graph: pacedGraph, clock, interval, timeout };

serve({
  /** How much later than its schedule each tick came, of all kinds at the same time, in milliseconds. */
  async run(seconds: number, burning: boolean): Promise<Record<string, number[]>> {
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

/** Node's timers take whole milliseconds, so that a tick may be early. */
function lateness(times: readonly number[], first = times[0]!): number[] {
  return times.map((time, index) => time - first - index * tickMs);
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
