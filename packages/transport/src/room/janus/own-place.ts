import { removeBots } from './fence-job.ts';
import type { JanusSessionOptions } from './janus-session-options.ts';
import { JobPlace } from './members/job-place.ts';
import type { OwnCard } from './members/own-card.ts';
import type { Roster } from './members/roster.ts';

export interface OwnPlaceOptions extends JanusSessionOptions {
  readonly roster: Roster;
  readonly card: () => OwnCard;
  /** The room as the server knows it now. */
  readonly roomNow: () => string | number;
  /** These are heard no more, or again. */
  readonly changed: (ids: readonly string[]) => void;
}

/** The place of the job that we do, which we take from who had it where the room's secret is known. */
export function ownPlace(options: OwnPlaceOptions): JobPlace {
  const { join, address, handle, local, lease, roster, card, roomNow, changed } = options;
  const { clock, report } = join;
  return new JobPlace({
    clock,
    own: local,
    lease,
    roster,
    card,
    remove: (ids) => {
      const feeds = ids.flatMap((id) => roster.feedOf(id) ?? []);
      return removeBots(feeds, { handle, room: roomNow(), secret: address.secret, report });
    },
    changed,
  });
}
