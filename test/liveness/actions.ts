import fc from 'fast-check';
import { type Opening, openings, type TurnFault, turnFaults } from './fault-plan.ts';
import { lasting, type ModelDeed, modelDeeds, ms, one } from './model-deeds.ts';
import { type Setup, setups } from './setup.ts';

/** Something that happens in a conversation in virtual time. Times are in milliseconds. */
export type Deed =
  | ModelDeed
  | { readonly do: 'speak' | 'cough' | 'hum' | 'bob speaks'; readonly ms: number }
  | { readonly do: 'barge-twice' | 'bob comes' | 'bob goes' | 'host dies' | 'host fails' }
  | { readonly do: 'unheard' | 'away' | 'stall'; readonly ms: number }
  /** They speak for so long, and nothing else happens meanwhile. */
  | { readonly do: 'endless'; readonly ms: number }
  | { readonly do: 'hang'; readonly opening: Opening }
  | { readonly do: 'turn'; readonly fault: TurnFault };

export interface Action<D = Deed> {
  /** After the one before. */
  readonly afterMs: number;
  readonly deed: D;
}

/** What an agent is made of, and what happens before everything works again. */
export interface Sequence {
  readonly setup: Setup;
  readonly actions: readonly Action[];
}

/** What takes long or is seldom survived. */
const rare: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: one('hang'), opening: fc.constantFrom(...openings) }) },
  { weight: 3, arbitrary: lasting('away', 4_000, 9_000) },
  { weight: 1, arbitrary: lasting('endless', 55_000, 70_000) },
  { weight: 1, arbitrary: fc.record({ do: one('host fails') }) },
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: lasting('speak', 100, 2_000) },
  { weight: 1, arbitrary: lasting('speak', 3_000, 9_000) },
  { weight: 3, arbitrary: lasting('cough', 10, 300) },
  { weight: 1, arbitrary: lasting('hum', 150, 500) },
  { weight: 1, arbitrary: fc.record({ do: one('barge-twice') }) },
  { weight: 2, arbitrary: fc.record({ do: one('bob comes') }) },
  { weight: 1, arbitrary: fc.record({ do: one('bob goes') }) },
  { weight: 3, arbitrary: lasting('bob speaks', 100, 2_000) },
  ...modelDeeds,
  { weight: 4, arbitrary: fc.record({ do: one('turn'), fault: fc.constantFrom(...turnFaults) }) },
  { weight: 1, arbitrary: fc.record({ do: one('host dies') }) },
  { weight: 1, arbitrary: lasting('unheard', 50, 3_000) },
  { weight: 1, arbitrary: lasting('away', 50, 3_000) },
  { weight: 1, arbitrary: lasting('stall', 20, 600) },
  { weight: 1, arbitrary: rare },
);

/** Moments between two deeds: anything, with those where something is about to be heard more often. */
export const after = fc.oneof(ms(0, 120), ms(0, 700), ms(0, 3_000));

export const sequences: fc.Arbitrary<Sequence> = fc.record({
  setup: setups,
  actions: fc.array(fc.record({ afterMs: after, deed }), { minLength: 1, maxLength: 14 }),
});

/** A sequence as a script that a reader can follow. */
export function scriptOf(actions: readonly Action<{ readonly do: string }>[]): string {
  let at = 0;
  return actions
    .map(({ afterMs, deed: { do: what, ...how } }) => {
      at += afterMs;
      const details = Object.entries(how).map(([key, value]) => (key === 'ms' ? `${value} ms` : `${value}`));
      return `  ${String(at).padStart(6)} ms  ${[what, ...details].join(' ')}`;
    })
    .join('\n');
}
