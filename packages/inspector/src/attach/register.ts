import type { Cancel, Graph } from '@sluice/core';
import { type Arming, arm } from './arm.ts';
import { type AskedWords, readAsked } from './asked.ts';
import { type Inspector, startInspector } from './start-inspector.ts';

/** Graphs that are over and are still shown. A program that makes one for each call runs for weeks. */
const ENDED_SHOWN = 8;

/** What hides each of them, the oldest first. */
const ended: Cancel[] = [];
let opening: Promise<{ add(graph: Graph): Cancel }> | undefined;

/**
 * Shows a graph as `SLUICE_INSPECT` says. `@sluice/core` calls it before each start while that is set; the first call opens the
 * inspector of the process and says its address on standard error, or waits for the signal. Of graphs that are over the last eight
 * are still shown.
 */
export async function attach(graph: Graph): Promise<void> {
  opening ??= open(readAsked(process.env.SLUICE_INSPECT ?? ''));
  const hide = (await opening).add(graph);
  const over = () => {
    ended.push(hide);
    if (ended.length > ENDED_SHOWN) ended.shift()!();
  };
  graph.finished.then(over, over);
}

async function open(asked: AskedWords): Promise<Inspector | Arming> {
  const { signal, media, control, snapshot } = asked;
  const options = { media, allowControl: control, calls: true };
  if (signal) return arm([], { ...options, snapshot, opened: tell, written: tellWritten });
  const opened = await startInspector([], options);
  tell(opened);
  return opened;
}

function tell({ url }: Inspector): void {
  process.stderr.write(`inspector ${url}\n`);
}

function tellWritten(path: string): void {
  process.stderr.write(`snapshot ${path}\n`);
}
