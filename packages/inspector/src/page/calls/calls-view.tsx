// The calls of a process: who is in them, which tracks pass, what the network does to them.

import type { Calls } from '../../protocol/calls.ts';
import { CallPanel } from './call-panel.tsx';

export interface CallsViewProps {
  /** Of the last minutes, oldest first. */
  readonly past: readonly Calls[];
}

/** All calls, one below the other. */
export function CallsView({ past }: CallsViewProps) {
  const now = past.at(-1);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section class="cards" aria-label="Calls" tabIndex={0}>
      {now === undefined || now.calls.length === 0 ? <p class="quiet">{NONE}</p> : null}
      {now?.calls.map((call) => (
        <CallPanel key={call.call} call={call} past={past} />
      ))}
    </section>
  );
}

const NONE = 'No call is shown: inspector({ calls: true }) shows all, addCall(client) of its result one.';
