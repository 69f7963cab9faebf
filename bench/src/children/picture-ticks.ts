import { createSink, graph, realClock, sleep, type VideoFrame } from '@sluice/core';
import { fromTestPattern, pace } from '@sluice/nodes';
import { serve } from './serve.ts';

const intervalMs = 1000 / 30;

const tickers: Readonly<Record<string, (tick: () => void) => () => void>> = { paced, interval, timeout };

serve({
  /** When pictures came at 30 a second, of all kinds at the same time, in milliseconds. */
  async run(seconds: number): Promise<Record<string, number[]>> {
    const running = Object.entries(tickers).map(([name, start]) => {
      const times: number[] = [];
      return { name, times, end: start(() => times.push(performance.now())) };
    });
    await sleep(realClock, seconds * 1000);
    for (const { end } of running) end();
    return Object.fromEntries(running.map(({ name, times }) => [name, times]));
  },
});

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
