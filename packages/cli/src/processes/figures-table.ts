import type { Vitals } from '@sluice/inspector';
import type { Style } from '../terms/command.ts';
import type { GraphFigures, LinkFigures, NodeFigures } from './graph-figures.ts';

type Paint = (style: Style, text: string) => string;

const bars = '▁▂▃▄▅▆▇█';
const nodeHead = ['node', 'state', 'in/s', 'out/s', 'busy %', 'p99 ms', 'held', 'errors'];
const linkHead = ['link', 'frames/s', 'queued ms', 'fill', 'dropped', 'dBFS'];

/** What is full of links, look by look: the last sixteen of each. */
export class FillHistory {
  readonly #fills = new Map<string, number[]>();

  /** Adds a look. */
  push(graphs: readonly GraphFigures[]): void {
    for (const graph of graphs)
      for (const link of graph.links) {
        const fills = this.#fills.get(keyOf(graph, link)) ?? [];
        fills.push(link.fill ?? 0);
        this.#fills.set(keyOf(graph, link), fills.slice(-16));
      }
  }

  /** A bar for each look, the last on the right. */
  lineOf(graph: GraphFigures, link: LinkFigures): string {
    const fills = this.#fills.get(keyOf(graph, link)) ?? [];
    return fills.map((fill) => bars[Math.min(bars.length - 1, Math.floor(fill * bars.length))]).join('');
  }
}

/** The figures of a process as a table; ends without a new line. */
export function figuresTable(
  graphs: readonly GraphFigures[],
  { cpu, rssMb, lagMs }: Vitals,
  history: FillHistory,
  paint: Paint,
): string {
  const head = `cpu ${(cpu * 100).toFixed(0)} %  memory ${rssMb.toFixed(0)} MB  loop late ${lagMs.toFixed(1)} ms`;
  return [head, ...graphs.flatMap((graph) => ['', ...graphRows(graph, history, paint)])].join('\n');
}

function graphRows(graph: GraphFigures, history: FillHistory, paint: Paint): string[] {
  const { name, status, uptimeMs, nodes, links, problems, figures } = graph;
  return [
    paint('bold', `${name}  ${status}  ${(uptimeMs / 1_000).toFixed(1)} s`),
    ...aligned([nodeHead, ...nodes.map(nodeCells)], paint),
    ...aligned([linkHead, ...links.map((link) => linkCells(link, history.lineOf(graph, link)))], paint),
    ...Object.entries(figures).map(([part, figure]) => `${part}  ${told(figure)}`),
    ...problems.map((problem) =>
      paint('red', `! ${problem.text}${problem.fix === undefined ? '' : `; ${problem.fix}`}`),
    ),
  ];
}

function nodeCells({ id, state, inPerSecond, outPerSecond, busy, p99Ms, held, errors }: NodeFigures): string[] {
  const numbers = [inPerSecond.toFixed(1), outPerSecond.toFixed(1), (busy * 100).toFixed(1), p99Ms.toFixed(2)];
  return [id, state, ...numbers, `${held}`, `${errors}`];
}

function linkCells({ from, to, ...link }: LinkFigures, line: string): string[] {
  const dropped = `${link.dropped}${link.droppedLately > 0 ? ` +${link.droppedLately}` : ''}`;
  const level = link.level === null ? '' : link.level.toFixed(1);
  return [`${from} > ${to}`, link.framesPerSecond.toFixed(1), link.depthMs.toFixed(0), line, dropped, level];
}

/** Numbers that stand alone; what is deeper is for `--json`. */
function told(figure: object): string {
  const single = Object.entries(figure).filter(([, value]) => typeof value !== 'object' && value !== undefined);
  return single.map(([key, value]) => `${key} ${typeof value === 'number' ? +value.toFixed(2) : value}`).join('  ');
}

/** The first column to the left, the others to the right; the head is dim. */
function aligned(rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row, index) => {
    const cells = row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)));
    const line = `  ${cells.join('  ')}`.trimEnd();
    return index === 0 ? paint('dim', line) : line;
  });
}

const keyOf = ({ name }: GraphFigures, { from, to }: LinkFigures) => `${name}\n${from}\n${to}`;
