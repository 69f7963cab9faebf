import { stdout } from 'node:process';
import type { InspectMessage, Sample, Topology } from '@sluice/inspector';
import { FillHistory, figuresTable } from '../processes/figures-table.ts';
import { type GraphFigures, graphFigures } from '../processes/graph-figures.ts';
import { loadInspector, notOpened, openProcess } from '../processes/running-process.ts';
import { defineCommand } from '../terms/command.ts';
import { durationMs } from '../terms/duration.ts';

/** Milliseconds between two tables. */
const EVERY_MS = 1_000;
/** Puts the cursor up left and wipes what is there. */
const WIPE = '\u001b[H\u001b[2J';

export const top = defineCommand({
  name: 'top',
  summary: 'Shows nodes and links of a running program every second: rates, queues, drops, load, and what calls say',
  usage: '[pid]',
  words: { least: 0, most: 1 },
  examples: ['sluice top', 'sluice top 4711 --for 10s', 'sluice top 4711 --json'],
  flags: {
    for: { type: 'string', value: '<time>', about: 'ends after 30s, 500ms, 2m; with --json after 1s unless told' },
  },
  endsInOrder: true,
  async run({ words: [pid], values, json, isTerminal, width, tell, paint, signal }) {
    const forMs = durationMs('for', values.for) ?? (json ? EVERY_MS : undefined);
    const process = await openProcess(pid);
    if ('problem' in process) return notOpened(process);
    const { lookAt } = await loadInspector();
    const history = new FillHistory();
    let shown: { readonly graphs: readonly GraphFigures[]; readonly process: Sample['process'] } | undefined;
    for await (const { topology, first, last } of looks(lookAt(process.file, { signal }), EVERY_MS, forMs)) {
      const graphs = graphFigures(topology, first, last);
      history.push(graphs);
      shown = { graphs, process: last.process };
      // The last row is the cursor's.
      const rows = isTerminal && stdout.rows > 0 ? stdout.rows - 1 : undefined;
      const table = figuresTable(graphs, last.process, history, paint, { rows, width });
      tell(`${isTerminal ? WIPE : ''}${table}${isTerminal ? '' : '\n'}`);
    }
    return {
      ok: true,
      result: { pid: process.file.pid, program: process.file.program, ...shown },
      text: '',
      next: `sluice inspect ${process.file.pid}`,
    };
  },
});

/**
 * Pairs of samples of one topology, `everyMs` apart by their own time; the last after `forMs`. One that the process did not live
 * to see whole is given as far as it came.
 */
async function* looks(messages: AsyncIterable<InspectMessage>, everyMs: number, forMs = Number.POSITIVE_INFINITY) {
  let topology: Topology | undefined;
  let begun: number | undefined;
  let first: Sample | undefined;
  let last: Sample | undefined;
  for await (const message of messages) {
    if (message.type === 'topology') {
      topology = message;
      first = undefined;
    }
    if (message.type !== 'sample' || message.revision !== topology?.revision) continue;
    begun ??= message.t;
    first ??= message;
    last = message;
    const isOver = message.t - begun >= forMs;
    if (message.t - first.t < everyMs && !isOver) continue;
    yield { topology, first, last };
    first = last;
    if (isOver) return;
  }
  if (topology !== undefined && first !== undefined && last !== undefined && last !== first)
    yield { topology, first, last };
}
