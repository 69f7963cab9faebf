import { type AudioFrame, graph, prometheus } from '@sluice/core';
import { telemetry } from '@sluice/plugin-otel';
import { addLines } from '../children/add-lines.ts';
import type { Bench, Report } from '../measuring/report.ts';
import { least } from '../measuring/rounds.ts';
import { lineMs } from './hop-graph.ts';
import { testFrames } from './hop-peers.ts';
import { openTelemetrySdk } from './open-telemetry-sdk.ts';

const hops = 10;
const count = 100_000;
/** Lines of five nodes each. */
const LINES = 10;

/** What telling OpenTelemetry costs each frame, attached and detached, beside a counter that is written by hand at each node; and what a look costs. */
export const bench: Bench = {
  name: 'telemetry',
  async run(report, { quick }) {
    await perFrame(report, quick ? 3 : 7);
    await perLook(report, quick ? 5 : 20);
  },
};

async function perFrame(report: Report, rounds: number): Promise<void> {
  const frames = testFrames();
  const sdk = openTelemetrySdk();
  const counter = sdk.meter.createCounter('frames');
  const byHand = Array.from({ length: hops }, (_, hop) => ({ node: `hop-${hop}` }));
  let next = 0;
  const ways = {
    nobody: () => lineMs(frames, count, hops, {}),
    detached: () => watched(frames, {}),
    attached: () => watched(frames, sdk),
    byHand: () =>
      lineMs(frames, count, hops, {
        pass: (frame) => {
          counter.add(1, byHand[next++ % hops]!);
          return frame;
        },
      }),
  };
  const found: Record<string, number[]> = { nobody: [], detached: [], attached: [], byHand: [] };
  // In turn, so that what else the machine does meets all; the best of each. The first round warms up.
  for (let round = 0; round <= rounds; round++)
    for (const [name, pass] of Object.entries(ways)) {
      const ns = ((await pass()) * 1e6) / (count * hops);
      if (round > 0) found[name]!.push(ns);
    }
  await sdk.close();
  const alone = { name: 'nobody looks', value: least(found.nobody!).value };
  report('through an actor, telemetry() without an SDK', least(found.detached!), 'ns', alone, 'lower');
  const hand = { name: "the SDK's counter, by hand at each node", value: least(found.byHand!).value };
  report('through an actor, telemetry() with an SDK', least(found.attached!), 'ns', alone, 'lower');
  report('through an actor, telemetry() with an SDK', least(found.attached!), 'ns', hand, 'lower');
}

/** A run that is told of, its spans among it. */
async function watched(frames: readonly AudioFrame[], to: Parameters<typeof telemetry>[0]): Promise<number> {
  const telling = telemetry({ ...(to?.tracer && { tracer: to.tracer }), ...(to?.meter && { meter: to.meter }) });
  try {
    return await lineMs(frames, count, hops, { watch: (line) => telling.watch(line) });
  } finally {
    telling.close();
  }
}

async function perLook(report: Report, rounds: number): Promise<void> {
  const sdk = openTelemetrySdk();
  const telling = telemetry({ tracer: sdk.tracer, meter: sdk.meter });
  const bot = graph('looked-at');
  addLines(bot, LINES);
  telling.watch(bot);
  await bot.start();
  const found = { meter: [] as number[], text: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    await sdk.read();
    const between = performance.now();
    prometheus(bot);
    if (round === 0) continue;
    found.meter.push(between - start);
    found.text.push(performance.now() - between);
  }
  bot.abort();
  telling.close();
  await sdk.close();
  const text = { name: 'prometheus()', value: least(found.text).value };
  report(`a meter reads ${5 * LINES} nodes`, least(found.meter), 'ms', text, 'lower');
}
