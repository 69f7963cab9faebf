import { type Better, type Figure, figure } from '../measuring/report.ts';
import { benches } from './benches.ts';

/** What a bench's process tells the runner. */
export type BenchMessage =
  | { readonly type: 'figure'; readonly figure: Figure; readonly better: Better }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'failed'; readonly error: string };

/** Runs one bench in a process of its own, so that it meets nothing of the one before. */
const [name, pace] = process.argv.slice(2);
const bench = benches.find((other) => other.name === name)!;
const tell = (message: BenchMessage) => new Promise<void>((resolve) => process.send?.(message, () => resolve()));
const note = (text: string) => void tell({ type: 'note', text });

try {
  await bench.run(
    (...found) => void tell({ type: 'figure', figure: figure(bench.name, ...found), better: found[4] ?? 'higher' }),
    { quick: pace === 'quick', note },
  );
} catch (error) {
  await tell({ type: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
process.disconnect();
