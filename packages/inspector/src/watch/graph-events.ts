import { type Cancel, graphChannel, interruptChannel, isSluiceError, nodeChannel } from '@sluice/core';
import type { InspectEvent } from '../protocol/messages.ts';

/** What happened, in which graph by its name. */
export type GraphEvent = Omit<InspectEvent, 'graph' | 'type' | 't'> & { readonly name: string };

interface Published {
  readonly graph: string;
  readonly status?: string;
  readonly node?: string;
  readonly state?: string;
  readonly error?: Error;
  readonly epoch?: number;
  readonly nodes?: readonly string[];
}

/** Tells what core's channels say of any graph of this process. Returns what ends it. */
export function watchEvents(tell: (event: GraphEvent) => void): Cancel {
  /** Who told a fault: each change of its state carries it again. Graphs come and go: nothing is kept of those that went. */
  const known = new WeakMap<Error, string>();

  const onNode = (message: unknown) => {
    const { graph: name, node, state, error } = message as Published;
    const key = `${name}\n${node}`;
    if (error !== undefined && known.get(error) !== key) {
      known.set(error, key);
      tell({ name, kind: 'error', node, text: error.message, ...codeOf(error) });
    } else tell({ name, kind: 'state', node, text: state! });
  };
  const onGraph = (message: unknown) => {
    const { graph: name, status, error } = message as Published;
    tell({
      name,
      kind: 'status',
      text: error === undefined ? status! : `${status}: ${error.message}`,
      ...codeOf(error),
    });
  };
  const onInterrupt = (message: unknown) => {
    const { graph: name, epoch, nodes } = message as Published;
    tell({ name, kind: 'interrupt', text: `epoch ${epoch}: ${nodes!.join(', ')}` });
  };
  nodeChannel.subscribe(onNode);
  graphChannel.subscribe(onGraph);
  interruptChannel.subscribe(onInterrupt);
  return () => {
    nodeChannel.unsubscribe(onNode);
    graphChannel.unsubscribe(onGraph);
    interruptChannel.unsubscribe(onInterrupt);
  };
}

function codeOf(error: Error | undefined): { readonly code?: string } {
  return isSluiceError(error) ? { code: error.code } : {};
}
