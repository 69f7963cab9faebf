import type { GraphSample, GraphTopology } from '../../protocol/messages.ts';

/** What is picked: a node or a link of the graph that is shown. */
export interface PickedPart {
  readonly kind: 'node' | 'link';
  readonly id: string;
}

/** A graph with its numbers, once there are any. */
export interface DrawnGraph {
  readonly topology: GraphTopology;
  readonly sample: GraphSample | undefined;
}
