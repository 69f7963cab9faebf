import type { EnteredRoom } from './enter-room.ts';
import { kick } from './kick.ts';
import { hasToGo, type JobLease, replaced } from './members/job-lease.ts';
import { readDisplay } from './members/participant-card.ts';
import type { FeedId } from './members/roster.ts';
import { isJanusCode } from './wire/janus-errors.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

/** Of the VideoRoom: who is to be removed has left. */
const NO_SUCH_FEED = 428;

export interface FenceOptions {
  readonly handle: JanusHandle;
  /** Entered a moment ago, with nothing of ours to be heard in it yet. */
  readonly room: EnteredRoom;
  /** Of the room. */
  readonly secret: string | undefined;
  readonly report: (error: unknown) => void;
}

type Removal = Pick<FenceOptions, 'handle' | 'report'> & {
  /** As the server has it. */
  readonly room: string | number;
  readonly secret: string | undefined;
};

/**
 * Of two bots of a job one stays: an earlier one, which may hear nothing of us, is removed by the server before we are heard, where we
 * know the secret of the room.
 *
 * @throws `SLUICE_JOIN_REFUSED` if a later one is there, as far as the room tells who is.
 */
export async function fenceJob(lease: JobLease | undefined, options: FenceOptions): Promise<void> {
  if (lease === undefined) return;
  const { handle, room, secret, report } = options;
  const others = jobsOf(room);
  const later = others.find((other) => hasToGo(lease, other.lease, false));
  if (later !== undefined) throw replaced(later.lease);
  const earlier = others.filter((other) => hasToGo(other.lease, lease, true));
  const feeds = earlier.map(({ feed }) => feed);
  await removeBots(feeds, { handle, room: room.room, secret, report });
}

/** Has the server remove bots whose job another one has, where we know the secret of the room. */
export async function removeBots(feeds: readonly FeedId[], { handle, room, secret, report }: Removal): Promise<void> {
  if (secret === undefined) return;
  const removing = feeds.map((feed) =>
    kick(handle, room, secret, feed).catch((error: unknown) => {
      // Everybody else passes over what it sends, all the same.
      if (!isJanusCode(error, NO_SUCH_FEED)) report(error);
    }),
  );
  await Promise.all(removing);
}

function jobsOf({ joined }: EnteredRoom): { readonly feed: FeedId; readonly lease: JobLease }[] {
  const entries = [joined.publishers, joined.attendees].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  return entries.flatMap((entry) => {
    const { id, display } = (entry ?? {}) as { readonly id?: unknown; readonly display?: unknown };
    const lease = readDisplay(display).card?.lease;
    return lease === undefined || (typeof id !== 'string' && typeof id !== 'number') ? [] : [{ feed: id, lease }];
  });
}
