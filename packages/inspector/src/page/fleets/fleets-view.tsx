// Fleets of bots: which workers there are, how full they are, and where each job stands.

import type { Fleets } from '../../protocol/fleets.ts';
import { FleetPanel } from './fleet-panel.tsx';

export interface FleetsViewProps {
  /** Of the last minutes, oldest first. */
  readonly past: readonly Fleets[];
}

/** All fleets, one below the other. */
export function FleetsView({ past }: FleetsViewProps) {
  const now = past.at(-1);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section class="cards" aria-label="Fleets" tabIndex={0}>
      {now === undefined || now.fleets.length === 0 ? (
        <p class="quiet">No fleet is shown: addFleet(fleet) of the result of inspector() shows one.</p>
      ) : null}
      {now?.fleets.map((fleet) => (
        <FleetPanel key={fleet.fleet} fleet={fleet} past={past} />
      ))}
    </section>
  );
}
