import type { Vitals } from '@sluice/inspector';
import type { Style } from '../terms/command.ts';
import { fold } from '../terms/fold.ts';
import type { GraphFigures, LinkFigures, NodeFigures } from './graph-figures.ts';
import { troubleOfLink, troubleOfNode, worstOf } from './worst-of.ts';

type Paint = (style: Style, text: string) => string;

const bars = '▁▂▃▄▅▆▇█';
const nodeHead = ['node', 'state', 'in/s', 'out/s', 'busy %', 'p99 ms', 'held', 'errors'];
const linkHead = ['link', 'frames/s', 'queued ms', 'age ms', 'fill', 'dropped', 'dBFS'];

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

/** What there is room for. */
interface TableRoom {
  readonly rows?: number | undefined;
  readonly width?: number;
}

/**
 * The figures of a process as a table; ends without a new line. Of more than fits into `rows`, the nodes and links that
 * most need to be looked at, and how many are left out. A name for which `width` has no room is shortened in its middle.
 */
export function figuresTable(
  graphs: readonly GraphFigures[],
  { cpu, rssMb, lagMs }: Vitals,
  history: FillHistory,
  paint: Paint,
  { rows = Number.POSITIVE_INFINITY, width = Number.POSITIVE_INFINITY }: TableRoom = {},
): string {
  const head = `cpu ${(cpu * 100).toFixed(0)} %  memory ${rssMb.toFixed(0)} MB  loop late ${lagMs.toFixed(1)} ms`;
  const tableOf = (most?: number) => [
    head,
    ...graphs.flatMap((graph) => ['', ...graphRows(graph, history, paint, width, most)]),
  ];
  const whole = tableOf();
  if (whole.length <= rows) return whole.join('\n');
  const lists = graphs.reduce((sum, { nodes, links }) => sum + nodes.length + links.length, 0);
  // Two lists of each graph, each with a line for what is left out.
  const room = Math.floor((rows - (whole.length - lists)) / (2 * graphs.length)) - 1;
  return tableOf(Math.max(room, LEAST)).join('\n');
}

/** However low and narrow the terminal is. */
const LEAST = 3;
const LEAST_NAME = 12;

function graphRows(graph: GraphFigures, history: FillHistory, paint: Paint, width: number, most?: number): string[] {
  const { name, status, uptimeMs, problems, figures } = graph;
  const nodes = worstOf(graph.nodes, troubleOfNode, most);
  const links = worstOf(graph.links, troubleOfLink, most);
  const left = (what: string, all: number, shown: number) =>
    all === shown ? [] : [paint('dim', `  … ${all - shown} more ${what}, all with --json`)];
  return [
    paint('bold', `${name}  ${status}  ${(uptimeMs / 1_000).toFixed(1)} s`),
    ...aligned([nodeHead, ...nodes.map(nodeCells)], paint, width),
    ...left('nodes', graph.nodes.length, nodes.length),
    ...aligned([linkHead, ...links.map((link) => linkCells(link, history.lineOf(graph, link)))], paint, width),
    ...left('links', graph.links.length, links.length),
    ...Object.entries(figures).flatMap(([part, figure]) => fold(`${part}  ${told(figure)}`, width, 2).split('\n')),
    ...problems.flatMap(({ text, fix }) =>
      fold(`! ${text}${fix === undefined ? '' : `; ${fix}`}`, width, 2)
        .split('\n')
        .map((line) => paint('red', line)),
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
  const numbers = [link.framesPerSecond.toFixed(1), link.depthMs.toFixed(0), link.ageMs?.toFixed(0) ?? ''];
  return [`${from} > ${to}`, ...numbers, line, dropped, level];
}

/** Numbers that stand alone; what is deeper is for `--json`. */
function told(figure: object): string {
  const single = Object.entries(figure).filter(([, value]) => typeof value !== 'object' && value !== undefined);
  return single.map(([key, value]) => `${key} ${typeof value === 'number' ? +value.toFixed(2) : value}`).join('  ');
}

/** The first column to the left, the others to the right; the head is dim. */
function aligned(rows: readonly (readonly string[])[], paint: Paint, width: number): string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  const others = widths.slice(1).reduce((sum, one) => sum + 2 + one, 2);
  const first = Math.min(widths[0]!, Math.max(width - others, LEAST_NAME));
  return rows.map(([name = '', ...numbers], index) => {
    const cells = [shortened(name, first).padEnd(first), ...numbers.map((cell, at) => cell.padStart(widths[at + 1]!))];
    const line = `  ${cells.join('  ')}`.trimEnd();
    return index === 0 ? paint('dim', line) : line;
  });
}

/** Names differ at both ends. */
function shortened(name: string, width: number): string {
  if (name.length <= width) return name;
  const tail = Math.floor((width - 1) / 2);
  return `${name.slice(0, width - 1 - tail)}…${name.slice(-tail)}`;
}

const keyOf = ({ name }: GraphFigures, { from, to }: LinkFigures) => `${name}\n${from}\n${to}`;
