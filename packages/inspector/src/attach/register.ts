import type { Cancel, Graph } from '@sluice/core';
import { type Arming, arm } from './arm.ts';
import { type AskedWords, readAsked } from './asked.ts';
import { type Inspector, startInspector } from './start-inspector.ts';

let opening: Promise<{ add(graph: Graph): Cancel }> | undefined;

/**
 * Shows a graph as `SLUICE_INSPECT` says. `@sluice/core` calls it before each start while that is set; the first call opens the
 * inspector of the process and says its address on standard error, or waits for the signal.
 */
export async function attach(graph: Graph): Promise<void> {
  opening ??= open(readAsked(process.env.SLUICE_INSPECT ?? ''));
  (await opening).add(graph);
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
