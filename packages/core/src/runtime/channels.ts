import { channel } from 'node:diagnostics_channel';

/**
 * Diagnostics channels. Subscribe with `node:diagnostics_channel`; while nobody does, a publication costs one look at
 * `hasSubscribers`.
 *
 * - `sluice:graph` `{ graph, status, error? }`
 * - `sluice:node` `{ graph, node, state, error? }` on each change of state, failure and report
 * - `sluice:interrupt` `{ graph, epoch, nodes }`
 */
export const graphChannel = channel('sluice:graph');
/** `node:diagnostics_channel` with a message for each change in a node's life. */
export const nodeChannel = channel('sluice:node');
/** `node:diagnostics_channel` with a message for each interruption of a graph. */
export const interruptChannel = channel('sluice:interrupt');
