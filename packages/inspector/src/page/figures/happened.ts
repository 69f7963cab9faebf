import type { TalkMark } from '@sluice/core/voice';
import type { InspectEvent } from '../../protocol/messages.ts';
import type { Exchange } from './talk-picture.ts';

/** Something that happened while people and agent dealt with one exchange. */
export interface Happened {
  /** Milliseconds since 1970. */
  readonly t: number;
  /** The node that told it. */
  readonly node?: string | undefined;
  /** The link that it is about. */
  readonly link?: string | undefined;
  /** Who told it, in words: the node or link, the agent, or the whole graph. */
  readonly who: string;
  readonly kind: InspectEvent['kind'] | TalkMark['kind'];
  readonly text: string;
}

/**
 * What nodes, links and the agent told of themselves in the time of an exchange, oldest first: from its first word to the end of its
 * reply, or where that was cut; where none was heard to an end, to the next exchange. `all` are the exchanges in the order of their times.
 */
export function happenedIn(
  exchange: Exchange,
  all: readonly Exchange[],
  marks: readonly TalkMark[],
  events: readonly InspectEvent[],
): readonly Happened[] {
  const [from, to] = [exchange.from, endOfExchange(exchange, all, marks)];
  const told = [
    ...marks.map(({ atMs, kind, text }) => ({ t: atMs, who: 'agent', kind, text })),
    ...events.map(({ t, node, link, kind, text }) => ({ t, node, link, who: node ?? link ?? 'graph', kind, text })),
  ];
  return told.filter(({ t }) => t >= from && t <= to).sort((a, b) => a.t - b.t);
}

/** When an exchange was over, in milliseconds since 1970; Infinity where it is not, or nobody knows. */
export function endOfExchange(exchange: Exchange, all: readonly Exchange[], marks: readonly TalkMark[]): number {
  const { reply, asked, turn } = exchange;
  const next = all[all.indexOf(exchange) + 1]?.from ?? Number.POSITIVE_INFINITY;
  if (reply?.endMs === undefined) return next;
  // A line that was cut ends with the last word of it that was heard.
  const cut = reply.interrupted
    ? marks.find(({ kind, atMs }) => kind === 'interrupted' && atMs >= reply.endMs!)
    : undefined;
  return Math.max(cut?.atMs ?? reply.endMs, asked?.endMs ?? 0, turn?.steps.at(-1)?.atMs ?? 0);
}
