import type { LinkSnapshot, NodeSnapshot } from './snapshot.ts';

/** What of a graph is drawn: what `inspect()` gives has it, and so has what is sent or stored of that. */
export interface DrawableGraph {
  /** Without their numbers. */
  readonly nodes: readonly DrawableNode[];
  /** Without their numbers. */
  readonly links: readonly DrawableLink[];
}

/** A node as it is drawn. */
export type DrawableNode = Pick<NodeSnapshot, 'id' | 'kind' | 'groups'>;

/** A link as it is drawn. */
export type DrawableLink = Pick<LinkSnapshot, 'from' | 'to'> & {
  /** What happens when it is full: told unless it is `block`. */
  readonly policy: string;
  /** What comes through, in words; absent where that is not known. */
  readonly format?: string | undefined;
  /** What was inserted because the formats of the two do not fit: its line is dashed. */
  readonly converter?: string | undefined;
};

const mermaidShapes: Record<NodeSnapshot['kind'], readonly [string, string]> = {
  source: ['([', '])'],
  operator: ['[', ']'],
  sink: ['[[', ']]'],
  node: ['{{', '}}'],
};

/** A Mermaid flowchart of a graph: sources round, sinks double-edged, groups boxed, converters on dashed links. */
export function mermaidOf(graph: DrawableGraph): string {
  const ids = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]));
  const lines = ['flowchart LR'];
  for (const [group, nodes] of byGroup(graph.nodes)) {
    if (group !== '') lines.push(`  subgraph ${quote(group)}`);
    for (const node of nodes) {
      const [open, close] = mermaidShapes[node.kind];
      lines.push(`  ${group === '' ? '' : '  '}${ids.get(node.id)}${open}${quote(node.id)}${close}`);
    }
    if (group !== '') lines.push('  end');
  }
  for (const link of graph.links) {
    const arrow = link.converter === undefined ? '-->' : '-.->';
    const label = linkLabel(link);
    lines.push(`  ${ids.get(link.from)} ${arrow}${label === '' ? '' : `|${quote(label)}|`} ${ids.get(link.to)}`);
  }
  return `${lines.join('\n')}\n`;
}

const dotShapes: Record<NodeSnapshot['kind'], string> = {
  source: 'ellipse',
  operator: 'box',
  sink: 'box, peripheries=2',
  node: 'hexagon',
};

/** A graph in Graphviz DOT, with the shapes and lines of {@link mermaidOf}. */
export function dotOf(graph: DrawableGraph & { readonly name: string }): string {
  const lines = [`digraph ${quote(graph.name)} {`, '  rankdir=LR;'];
  let cluster = 0;
  for (const [group, nodes] of byGroup(graph.nodes)) {
    if (group !== '') lines.push(`  subgraph cluster_${cluster++} {`, `    label=${quote(group)};`);
    for (const node of nodes)
      lines.push(`  ${group === '' ? '' : '  '}${quote(node.id)} [shape=${dotShapes[node.kind]}];`);
    if (group !== '') lines.push('  }');
  }
  for (const link of graph.links) {
    const style = link.converter === undefined ? '' : ', style=dashed';
    lines.push(`  ${quote(link.from)} -> ${quote(link.to)} [label=${quote(linkLabel(link))}${style}];`);
  }
  return `${lines.join('\n')}\n}\n`;
}

function linkLabel(link: DrawableLink): string {
  const parts = [
    link.format,
    link.converter && `convert ${link.converter}`,
    link.policy === 'block' ? undefined : link.policy,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function byGroup(nodes: readonly DrawableNode[]): Map<string, DrawableNode[]> {
  const groups = new Map<string, DrawableNode[]>([['', []]]);
  for (const node of nodes) {
    const group = node.groups.at(-1) ?? '';
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [node]);
    else members.push(node);
  }
  return groups;
}

function quote(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}
