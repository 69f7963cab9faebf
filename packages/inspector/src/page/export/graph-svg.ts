// What of the page is taken elsewhere: the drawing of a graph as a picture, and what it did as a trace.

import type { Recent } from '../figures/recent.ts';
import { writeFormat, writeRate } from '../figures/written.ts';
import { type Box, layOut } from '../graph/lay-out.ts';
import type { DrawnGraph } from '../graph/picked-part.ts';

const STYLE = `svg{color:#1b1f24;background:#fff;font:13px system-ui,sans-serif}
.box{fill:#f3f5f7;stroke:currentColor}.sink{stroke-width:3}.group{fill:none;stroke:#8b949e;stroke-dasharray:3 3}
.way{fill:none;stroke:#6a737d;stroke-width:1.5}.converts{stroke-dasharray:5 4}
text{fill:currentColor}.node text{text-anchor:middle}.at{font-size:11px;fill:#57606a;text-anchor:middle}.lost{fill:#b42318}
@media(prefers-color-scheme:dark){svg{color:#e6e9ec;background:#14171a}.box{fill:#22272c}.at{fill:#a4adb6}.lost{fill:#ff8a7a}}`;

/** A graph as it is shown, as an SVG that stands alone, in light and in dark. */
export function graphSvg({ topology, sample }: DrawnGraph, recent: Recent): string {
  const { nodes, links, groups, size } = layOut(topology);
  const { graph } = topology;
  const drawn = [
    ...groups.map(
      (box) =>
        `${rect(box, 'group', 6)}<text class="at" x="${box.x + box.width / 2}" y="${box.y + 13}">${escaped(box.name)}</text>`,
    ),
    ...links.map(({ path }, at) => {
      const converts = topology.links[at]!.converter === undefined ? '' : ' converts';
      return `<path class="way${converts}" d="${path}"/>`;
    }),
    ...links.map(({ label }, at) => {
      const { port, format, converter } = topology.links[at]!;
      const dropped = sample?.links.droppedFrames[at] ?? 0;
      return lines(label, 'at', [
        `${port === 'in' ? '' : `${port}: `}${writeFormat(format)}${converter === undefined ? '' : ` ⇢ ${converter}`}`,
        writeRate(recent.linkRate(graph, 'frames', at)),
        ...(dropped > 0 ? [`✕ ${dropped} dropped`] : []),
      ]);
    }),
    ...topology.nodes.map(({ id, kind }, at) => {
      const box = nodes.get(id)!;
      const state = sample?.states[at];
      const rate = (column: 'framesIn' | 'framesOut') => writeRate(recent.nodeRate(graph, column, at));
      const told = [
        id,
        `${kind === 'source' ? '' : rate('framesIn')} → ${kind === 'sink' ? '' : rate('framesOut')}`.trim(),
        ...(state === undefined || state === 'running' ? [] : [state]),
      ];
      return `<g class="node">${rect(box, `box ${kind}`, kind === 'source' ? box.height / 2 : 6)}${lines(box, '', told)}</g>`;
    }),
  ];
  const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(topology.name)}</title>
<style>${STYLE}</style>
${drawn.join('\n')}
</svg>
`;
}

function rect({ x, y, width, height }: Box, kind: string, round: number): string {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"/>`;
}

/** Lines of text in the middle of a box. */
function lines({ x, y, width, height }: Box, kind: string, texts: readonly string[]): string {
  const top = y + height / 2 - 8 * (texts.length - 1) + 4;
  return texts
    .map(
      (text, line) =>
        `<text class="${kind}" x="${x + width / 2}" y="${top + 16 * line}">${escaped(short(text, width))}</text>`,
    )
    .join('');
}

/** As much of a text as a box has room for, at 7 pixels for a letter. */
function short(text: string, width: number): string {
  const most = Math.floor(width / 7);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
