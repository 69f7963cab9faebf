import type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from '@sluice/core';
import type { GraphTopology, LinkTopology, NodeTopology } from '../protocol/messages.ts';
import { defaultsOf } from './defaults-of.ts';

/** What of a graph stays as it is between two changes. `seen` tells what came through a link last, where somebody looked. */
export function graphTopology(
  graph: number,
  { name, nodes, links }: GraphSnapshot,
  seen: (link: string) => string | undefined,
): GraphTopology {
  return { graph, name, nodes: nodes.map(nodeTopology), links: links.map((link) => linkTopology(link, seen)) };
}

/** Whether two looks saw the same nodes, ports, links, formats and converters: most do, five times a second. */
export function sameTopology(before: GraphSnapshot, after: GraphSnapshot): boolean {
  return (
    before.nodes.length === after.nodes.length &&
    before.links.length === after.links.length &&
    after.nodes.every(({ id, live, ports }, index) => {
      const known = before.nodes[index]!;
      return id === known.id && live === known.live && samePorts(ports, known.ports);
    }) &&
    after.links.every(({ id, format, converter }, index) => {
      const known = before.links[index]!;
      return id === known.id && format === known.format && converter === known.converter;
    })
  );
}

/** An input that is added by name is there before any link leads to it. */
function samePorts(after: NodeSnapshot['ports'] = [], before: NodeSnapshot['ports'] = []): boolean {
  return (
    after.length === before.length &&
    after.every(({ name, direction, format, linked }, index) => {
      const known = before[index]!;
      return name === known.name && direction === known.direction && format === known.format && linked === known.linked;
    })
  );
}

function nodeTopology({
  id,
  kind,
  description,
  groups,
  thread,
  live,
  options,
  optionsSchema,
  controls,
  ports,
}: NodeSnapshot): NodeTopology {
  const made = { id, kind, description, groups, thread, live, ...(ports && { ports }) };
  return { ...made, ...declaredOf(controls), ...optionsOf(options, optionsSchema) };
}

function linkTopology(link: LinkSnapshot, seen: (link: string) => string | undefined): LinkTopology {
  const { id, from, to, port, policy, capacity, format, converter } = link;
  const bound = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    id,
    from,
    to,
    port,
    policy,
    capacity: { frames: bound(capacity.frames), ms: bound(capacity.ms) },
    // What is seen has been converted already.
    format: converter === undefined ? (seen(id) ?? format) : format,
    converter,
  };
}

/** Those that were taken without being declared come and go with the samples. */
function declaredOf(controls: NodeSnapshot['controls'] = []): Pick<NodeTopology, 'controls'> {
  const declared = controls.flatMap(({ type, description, schema }) =>
    description === undefined ? [] : [{ type, description, ...(schema && { schema }) }],
  );
  return declared.length === 0 ? {} : { controls: declared };
}

function optionsOf(
  options: unknown,
  schema: NodeSnapshot['optionsSchema'],
): Pick<NodeTopology, 'options' | 'defaults'> {
  if (options === undefined) return {};
  const defaults = schema && defaultsOf(schema);
  return { options, ...(defaults && Object.keys(defaults).length > 0 ? { defaults } : {}) };
}
