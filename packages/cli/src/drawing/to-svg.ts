import type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from '@sluice/core';
import { layOutLayers } from './lay-out-layers.ts';

const HEIGHT = 40;
const GAP = 24;
const MARGIN = 24;
/** Room for what stands at a link, in pixels. */
const BETWEEN = 110;
/** Pixels of a character, about; no font is at hand that could be measured. */
const CHARACTER = 7.4;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A graph as an SVG that stands alone: sources round, sinks double-edged, converters on dashed links, in light and in dark. */
export function toSvg({ name, nodes, links }: Pick<GraphSnapshot, 'name' | 'nodes' | 'links'>): string {
  const { columns, ways } = layOutLayers(
    nodes.map(({ id }) => id),
    links,
  );
  const boxes = place(columns);
  const width = Math.max(0, ...[...boxes.values()].map((box) => box.x + box.width)) + MARGIN;
  const height = Math.max(0, ...[...boxes.values()].map((box) => box.y + box.height)) + MARGIN;
  const drawn = [
    ...links.map((link, index) => drawLink(link, ways[index]!, boxes)),
    ...nodes.map((node) => drawNode(node, boxes.get(node.id)!)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(name)}</title>
<style>${STYLE}</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" class="tip"/></marker></defs>
${drawn.join('\n')}
</svg>
`;
}

const STYLE = `svg{color:#1b1f24;background:#fff;font:13px system-ui,sans-serif}
.box{fill:#f3f5f7;stroke:currentColor}.way{fill:none;stroke:#6a737d;stroke-width:1.4}.tip{fill:#6a737d}
text{fill:currentColor;text-anchor:middle;dominant-baseline:central}.at{font-size:10px;fill:#57606a}
@media(prefers-color-scheme:dark){svg{color:#e6e9ec;background:#14171a}.box{fill:#22272c}.at{fill:#a4adb6}}`;

/** Columns as wide as their widest, each in the middle of the height. */
function place(columns: readonly (readonly string[])[]): ReadonlyMap<string, Box> {
  const heightOf = (column: readonly string[]) => column.length * (HEIGHT + GAP) - GAP;
  const tallest = Math.max(0, ...columns.map(heightOf));
  const boxes = new Map<string, Box>();
  let x = MARGIN;
  for (const column of columns) {
    const width = Math.max(...column.map((id) => (isPassage(id) ? 0 : id.length * CHARACTER + 32)));
    let y = MARGIN + (tallest - heightOf(column)) / 2;
    for (const id of column) {
      boxes.set(id, { x, y, width, height: HEIGHT });
      y += HEIGHT + GAP;
    }
    x += width + BETWEEN;
  }
  return boxes;
}

const isPassage = (id: string) => id.startsWith('\0');

function drawNode({ id, kind }: NodeSnapshot, { x, y, width, height }: Box): string {
  const box = (inset: number) =>
    `<rect class="box" x="${x + inset}" y="${y + inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" rx="${kind === 'source' ? height / 2 : 4}"/>`;
  const text = `<text x="${x + width / 2}" y="${y + height / 2}">${escaped(id)}</text>`;
  return `<g>${box(0)}${kind === 'sink' ? box(4) : ''}${text}</g>`;
}

function drawLink(link: LinkSnapshot, way: readonly string[], boxes: ReadonlyMap<string, Box>): string {
  const stops = way.map((id) => boxes.get(id)!);
  const [start, end] = [stops[0]!, stops.at(-1)!];
  // What leads back leaves to the left, below what leads on.
  const isBack = end.x <= start.x;
  const points = stops.flatMap(({ x, y, width, height }, at) => {
    const middle = y + (isBack ? height * 0.8 : height / 2);
    const [near, far] = isBack ? [x + width, x] : [x, x + width];
    return [...(at === 0 ? [] : [{ x: near, y: middle }]), ...(at === stops.length - 1 ? [] : [{ x: far, y: middle }])];
  });
  const [first, second] = points;
  const words = [
    link.format,
    link.converter && `convert ${link.converter}`,
    link.policy === 'block' ? '' : link.policy,
  ];
  const label = words.filter((word) => word).join('; ');
  const at = { x: (first!.x + second!.x) / 2, y: (first!.y + second!.y) / 2 - 9 };
  return `<path class="way" d="${curve(points)}"${link.converter === undefined ? '' : ' stroke-dasharray="5 4"'} marker-end="url(#tip)"/>${label === '' ? '' : `<text class="at" x="${at.x}" y="${at.y}">${escaped(label)}</text>`}`;
}

/** Flat at each point, and straight along columns that it passes. */
function curve([first, ...others]: readonly { readonly x: number; readonly y: number }[]): string {
  let path = `M${first!.x},${first!.y}`;
  let before = first!;
  for (const { x, y } of others) {
    const middle = (before.x + x) / 2;
    path += ` C${middle},${before.y} ${middle},${y} ${x},${y}`;
    before = { x, y };
  }
  return path;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
