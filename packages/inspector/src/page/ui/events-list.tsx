import type { InspectEvent } from '../../protocol/messages.ts';
import { writeTime } from '../figures/written.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import { MarkedText } from '../strips/marked-text.tsx';

export interface EventsListProps {
  readonly events: readonly InspectEvent[];
  readonly pick: (picked: PickedPart) => void;
  /** Takes the page back to when it happened. */
  readonly lookAt: (t: number) => void;
  /** How many, from the newest on. */
  readonly most: number;
}

/** What happened, the newest first. */
export function EventsList({ events, pick, lookAt, most }: EventsListProps) {
  const shown = events.slice(-most).reverse();
  return (
    <section class="events" aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      {shown.length === 0 ? <p class="quiet">Nothing has happened yet.</p> : null}
      <ol>
        {shown.map((event, index) => (
          <li key={`${event.t} ${index}`} class={event.kind}>
            <button
              type="button"
              class="plain when"
              aria-label={`Go back to ${writeTime(event.t)}`}
              onClick={() => lookAt(event.t)}
            >
              {writeTime(event.t)}
            </button>
            <Who event={event} pick={pick} />
            <span>
              <MarkedText text={event.text} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Who({ event, pick }: { readonly event: InspectEvent; readonly pick: EventsListProps['pick'] }) {
  const { node, link, kind } = event;
  if (node === undefined && link === undefined) return <span class="quiet">{kind}</span>;
  const picked: PickedPart = node === undefined ? { kind: 'link', id: link! } : { kind: 'node', id: node };
  return (
    <button type="button" class="plain" onClick={() => pick(picked)}>
      {picked.id}
    </button>
  );
}
