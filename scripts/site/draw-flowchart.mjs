// Flowcharts of pages, drawn as `sluice graph --svg` draws graphs. What else mermaid can do stays text.
import { toSvg } from '../../packages/cli/dist/drawing/to-svg.js';

const NODE = /^\s*(\w+)(?:\(\["?(.*?)"?\]\)|\[\["?(.*?)"?\]\]|\["?(.*?)"?\])?/;
const ARROW = /^\s*(?:-->\|"?(.*?)"?\||-\.->\|"?(.*?)"?\||-- (.*?) -->|-\. (.*?) \.->|-->|-\.->)/;

/** The picture of a flowchart; undefined for what is none, or is more than boxes and arrows. */
export function drawFlowchart(text) {
  const [head, ...lines] = text.trim().split('\n');
  if (!/^flowchart (?:LR|TB)$/.test(head)) return undefined;
  const labels = new Map();
  const kinds = new Map();
  const links = [];
  const node = (line) => {
    const [all, id, source, sink, box] = NODE.exec(line) ?? [''];
    if (id === undefined) return undefined;
    const label = source ?? sink ?? box;
    if (label !== undefined || !labels.has(id)) labels.set(id, label ?? id);
    if (source !== undefined || sink !== undefined) kinds.set(id, source === undefined ? 'sink' : 'source');
    return { id, rest: line.slice(all.length) };
  };
  for (const line of lines) {
    let at = node(line);
    while (at !== undefined && at.rest.trim() !== '') {
      const arrow = ARROW.exec(at.rest);
      const next = arrow === null ? undefined : node(at.rest.slice(arrow[0].length));
      if (next === undefined) return undefined;
      const said = arrow.slice(1).find((each) => each !== undefined);
      links.push({ from: at.id, to: next.id, said, dashed: arrow[0].includes('-.') });
      at = next;
    }
    if (at === undefined) return undefined;
  }
  return drawn(labels, kinds, links);
}

function drawn(labels, kinds, links) {
  const nodes = [...labels].map(([id, label]) => ({ id: label, kind: kinds.get(id) ?? 'operator' }));
  const lines = links.map(({ from, to, said, dashed }) => ({
    from: labels.get(from),
    to: labels.get(to),
    format: said,
    policy: 'block',
    ...(dashed ? { converter: '' } : {}),
  }));
  return toSvg({ name: 'Flowchart', nodes, links: lines });
}
