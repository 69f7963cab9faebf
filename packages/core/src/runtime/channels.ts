import { channel } from 'node:diagnostics_channel';

// Diagnostics channels: what happens in this process, for whoever subscribes with `node:diagnostics_channel`. While nobody
// does, a publication costs one look at `hasSubscribers`. `id` is `Graph.id`: several graphs may have one name.

/** A message of `sluice:graph`, on each change of status. */
export interface GraphMessage {
  /** The graph's name. */
  readonly graph: string;
  /** The graph's number, unique in this process; names need not be. */
  readonly id: number;
  /** The status that it has now. */
  readonly status: 'idle' | 'starting' | 'running' | 'draining' | 'done' | 'failed' | 'stopped';
  /** Why it failed or was stopped. */
  readonly error?: Error | undefined;
}

/** A message of `sluice:node`, on each change of state, failure and report. `error` is the last one, told before or not. */
export interface NodeMessage {
  /** The graph's name. */
  readonly graph: string;
  /** The graph's number, unique in this process. */
  readonly id: number;
  /** The node's id in its graph. */
  readonly node: string;
  /** The state that it has now. `down` is a node that waits for its restart. */
  readonly state: 'idle' | 'running' | 'down' | 'ended' | 'failed' | 'stopped';
  /** The last failure or report of the node, if it had one. */
  readonly error?: Error | undefined;
}

/** A message of `sluice:interrupt`, with the epoch that begins and the nodes that drop what is older. */
export interface InterruptMessage {
  /** The graph's name. */
  readonly graph: string;
  /** The graph's number, unique in this process. */
  readonly id: number;
  /** Frames of smaller ones are void from now on. */
  readonly epoch: number;
  /** Their ids. */
  readonly nodes: readonly string[];
}

/** A message of `sluice:turn`: a reply was said, or broken off. Published by agents; all times in milliseconds on the graph's clock. */
export interface TurnMessage {
  /** The graph's name. */
  readonly graph: string;
  /** The graph's number, unique in this process. */
  readonly id: number;
  /** The clock as this is told. */
  readonly nowMs: number;
  /** The number of the turn among its agent's. */
  readonly turn: number;
  /** The person's last voiced sample. */
  readonly voicedEndMs: number;
  /** What followed, by name and in order; what never happened is not among it. */
  readonly milestones: readonly { readonly name: string; readonly atMs: number }[];
  /** Who took how long from the last voiced sample to the first audible one; empty for a reply that nobody heard. */
  readonly parts: readonly { readonly owner: string; readonly ms: number }[];
  /** Whether the reply was broken off: somebody spoke over it, or it was told to cease. */
  readonly interrupted: boolean;
  /** Personal: what was said of the reply. */
  readonly heardText: string;
  /** Whoever makes a span of it writes down its trace id: 32 hexadecimal digits. Those who show the turn show that, too. */
  traceId?: string;
}

/** A message of `sluice:call`, on each change of a client's state. Published by call clients. */
export interface CallMessage {
  /** Unique in this process. */
  readonly client: number;
  /** The state that it has now. */
  readonly state: 'initialized' | 'joining' | 'joined' | 'leaving' | 'left';
  /** Personal: the room's URL, without query, fragment and password. */
  readonly url?: string | undefined;
  /** Why it leaves, or could not join. */
  readonly error?: Error | undefined;
}

/** `node:diagnostics_channel` with a {@link GraphMessage} for each change in a graph's life. */
export const graphChannel = channel('sluice:graph');
/** `node:diagnostics_channel` with a {@link NodeMessage} for each change in a node's life. */
export const nodeChannel = channel('sluice:node');
/** `node:diagnostics_channel` with an {@link InterruptMessage} for each interruption of a graph. */
export const interruptChannel = channel('sluice:interrupt');
/** `node:diagnostics_channel` with a {@link TurnMessage} for each reply of an agent. */
export const turnChannel = channel('sluice:turn');
/** `node:diagnostics_channel` with a {@link CallMessage} for each change in a call client's life. */
export const callChannel = channel('sluice:call');
