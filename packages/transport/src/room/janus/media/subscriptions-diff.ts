import type { FeedId, TrackSource } from '../members/roster.ts';

/** One m-line of the subscriber's connection: whose track it carries. */
export interface SubscribedLine {
  /** Media id of the m-line on this side. */
  readonly mid: string;
  readonly source: TrackSource;
}

export interface SubscriptionsDiff {
  readonly subscribe: readonly TrackSource[];
  readonly unsubscribe: readonly TrackSource[];
}

/** What is to be asked next: first what is wanted no more, then one publisher at a time, since one unknown refuses all. */
export function subscriptionsDiff(
  wanted: readonly TrackSource[],
  have: readonly SubscribedLine[],
  mayAsk: (feed: FeedId) => boolean,
): SubscriptionsDiff | undefined {
  const same = (a: TrackSource, b: TrackSource) => a.feed === b.feed && a.mid === b.mid;
  const unsubscribe = have.map(({ source }) => source).filter((source) => !wanted.some((one) => same(one, source)));
  const missing = wanted.filter((source) => mayAsk(source.feed) && !have.some((line) => same(line.source, source)));
  const subscribe = missing.filter(({ feed }) => feed === missing[0]?.feed);
  return subscribe.length === 0 && unsubscribe.length === 0 ? undefined : { subscribe, unsubscribe };
}

/** The m-lines that carry somebody's track, of those that the VideoRoom tells. */
export function subscribedLines(streams: unknown): SubscribedLine[] {
  if (!Array.isArray(streams)) return [];
  return streams.flatMap((value: unknown) => {
    if (typeof value !== 'object' || value === null) return [];
    const { mid, feed_id: feed, feed_mid: feedMid, active } = value as Record<string, unknown>;
    if (typeof mid !== 'string' || typeof feedMid !== 'string' || active === false) return [];
    if (typeof feed !== 'string' && typeof feed !== 'number') return [];
    return [{ mid, source: { feed, mid: feedMid } }];
  });
}
