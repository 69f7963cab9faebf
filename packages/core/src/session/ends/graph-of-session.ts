import { SluiceError } from '../../errors.ts';
import { Graph } from '../../graph/graph.ts';
import { runtimeOf } from '../../graph/runtime-of.ts';
import { SinkActor } from '../../runtime/actors/sink-actor.ts';
import { StreamActor } from '../../runtime/actors/stream-actor.ts';
import type { Clock } from '../../time/clock.ts';
import type { SessionGraph } from '../container/session-header.ts';
import { hashOf } from '../values/pack-value.ts';
import { isEnd } from './marked-ends.ts';

/** The graph that a program gave, on the clock that it was given. @throws SLUICE_SESSION_PROGRAM */
export function graphOf(result: unknown, clock: Clock): Graph {
  const graph = result instanceof Graph ? result : (result as { readonly graph?: unknown } | null | undefined)?.graph;
  if (!(graph instanceof Graph))
    throw new SluiceError('SLUICE_SESSION_PROGRAM', 'the program gave no graph', {
      expected: 'a graph, or an object with a graph',
      received: result,
    });
  if (graph.clock !== clock)
    throw new SluiceError('SLUICE_SESSION_PROGRAM', `graph ${graph.name} runs on another clock than the session's`, {
      fix: 'Make it with graph(name, { clock: env.clock, random: env.random })',
    });
  if (graph.status !== 'idle')
    throw new SluiceError('SLUICE_SESSION_PROGRAM', `graph ${graph.name} was started by the program`, {
      fix: 'Leave that to the session',
    });
  return graph;
}

/** What a graph is made of, as text that can be compared: a line for each node, with its options, and for each link. */
export function shapeOf(graph: Graph): SessionGraph {
  const { nodes, links, name } = graph.inspect();
  const shape = [
    ...nodes.map(({ id, kind, description, options }) => {
      const given = options === undefined ? '' : ` ${JSON.stringify(options)}`;
      return `${kind} ${id}: ${description}${given}`;
    }),
    ...links.map(({ id, from, to, port, policy, capacity }) => {
      return `link ${id}: ${from} -> ${to}.${port} ${policy} ${JSON.stringify(capacity)}`;
    }),
  ];
  return { name, shape, hash: hashOf(shape.join('\n')) };
}

/** Nodes that have an outside of their own, which no session knows of. */
export function bypassingNodes(graph: Graph): { readonly node: string; readonly why: string }[] {
  const found: { node: string; why: string }[] = [];
  for (const actor of runtimeOf(graph)!.actors.values()) {
    if (actor instanceof StreamActor) {
      const { spec } = actor;
      if (spec?.live === true && !isEnd(spec))
        found.push({ node: actor.id, why: `${spec.name} is live: take it through env.source` });
      if (actor.operators.length > 0 && actor.describe().includes('[worker '))
        found.push({ node: actor.id, why: 'it runs on a thread of its own, whose answers come when they come' });
    } else if (actor instanceof SinkActor && actor.plays && !isEnd(actor.spec!))
      found.push({ node: actor.id, why: `${actor.spec!.name} plays by itself: take it through env.sink` });
  }
  return found;
}
