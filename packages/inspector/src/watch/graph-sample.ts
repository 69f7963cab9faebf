import type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from '@sluice/core';
import type { GraphSample, LinkColumn, NodeColumn, NodeFault, TakenControl } from '../protocol/messages.ts';
import { problemsOf } from './problems-of.ts';
import { toldFigures } from './told-figures.ts';
import { toldText } from './told-text.ts';

/** Times are told to a tenth: columns of a sample are sent five times a second. */
const tenth = (value: number) => Math.round(value * 10) / 10;

/** What of a graph moves: columns in the order of its topology. `levelOf` gives the sound of a link in dBFS. */
export function graphSample(
  graph: number,
  snapshot: GraphSnapshot,
  levelOf: (link: string) => number | null,
): GraphSample {
  const { nodes, links, figures } = snapshot;
  return {
    graph,
    status: snapshot.status,
    epoch: snapshot.epoch,
    uptimeMs: tenth(snapshot.uptimeMs),
    states: nodes.map(({ state }) => state),
    nodes: nodeNumbers(nodes),
    links: linkNumbers(links, levelOf),
    problems: problemsOf(snapshot),
    faults: nodes.filter(({ lastError }) => lastError !== undefined).map(faultOf),
    ...controlsOf(nodes),
    ...(figures === undefined ? {} : { figures: toldFigures(figures) }),
  };
}

function nodeNumbers(nodes: readonly NodeSnapshot[]): Record<NodeColumn, number[]> {
  return {
    framesIn: nodes.map(({ framesIn }) => framesIn),
    framesOut: nodes.map(({ framesOut }) => framesOut),
    staleFrames: nodes.map(({ staleFrames }) => staleFrames),
    held: nodes.map(({ held }) => held),
    waiting: nodes.map(({ waiting }) => Number(waiting)),
    paused: nodes.map(({ paused }) => Number(paused)),
    errors: nodes.map(({ errors }) => errors),
    restarts: nodes.map(({ restarts }) => restarts),
    p50: nodes.map(({ processing }) => tenth(processing.p50)),
    p99: nodes.map(({ processing }) => tenth(processing.p99)),
    max: nodes.map(({ processing }) => tenth(processing.max)),
  };
}

function linkNumbers(
  links: readonly LinkSnapshot[],
  levelOf: (link: string) => number | null,
): Record<LinkColumn, (number | null)[]> {
  return {
    frames: links.map(({ frames }) => frames),
    droppedFrames: links.map(({ droppedFrames }) => droppedFrames),
    droppedMs: links.map(({ droppedMs }) => tenth(droppedMs)),
    depth: links.map(({ depth }) => depth),
    depthMs: links.map(({ depthMs }) => tenth(depthMs)),
    maxDepth: links.map(({ maxDepth }) => maxDepth),
    full: links.map(({ full }) => Number(full)),
    waitP50: links.map(({ wait }) => tenth(wait.p50)),
    waitP99: links.map(({ wait }) => tenth(wait.p99)),
    ageP50: links.map(({ ageMs }) => (ageMs ? tenth(ageMs.p50) : null)),
    ageP95: links.map(({ ageMs }) => (ageMs ? tenth(ageMs.p95) : null)),
    level: links.map(({ id }) => levelOf(id)),
  };
}

function controlsOf(nodes: readonly NodeSnapshot[]): Pick<GraphSample, 'controls'> {
  const taken: TakenControl[] = [];
  for (const { id, controls = [] } of nodes)
    for (const { type, count, lastMs } of controls)
      if (lastMs !== undefined) taken.push({ node: id, type, count, lastMs: tenth(lastMs) });
  return taken.length === 0 ? {} : { controls: taken };
}

function faultOf({ id, lastError, lastErrorCode, lastErrorAt }: NodeSnapshot): NodeFault {
  return {
    node: id,
    message: toldText(lastError!),
    ...(lastErrorCode === undefined ? {} : { code: lastErrorCode }),
    ...(lastErrorAt === undefined ? {} : { at: lastErrorAt }),
  };
}
