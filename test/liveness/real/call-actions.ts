import fc from 'fast-check';
import { type Action, after } from '../actions.ts';
import { lasting, type ModelDeed, modelDeeds, ms, one } from '../model-deeds.ts';

export const directions = ['both', 'outgoing', 'incoming'] as const;
export const signalFaults = ['cut', 'stall', 'reset', 'half-open'] as const;

/** Something that happens in a real call. Ann is always the one who is answered last; Bob comes and goes. Milliseconds. */
export type CallDeed =
  | ModelDeed
  | { readonly do: 'ann speaks' | 'bob speaks' | 'ann coughs' | 'ann hums'; readonly ms: number }
  | { readonly do: 'ann barges in twice' | 'bob comes' | 'bob goes' }
  /** Ann leaves the call and comes back. */
  | { readonly do: 'ann goes'; readonly ms: number }
  | { readonly do: 'engine dies' }
  /** Of the agent's media, as it sees it. */
  | { readonly do: 'cut'; readonly ms: number; readonly direction: (typeof directions)[number] }
  | { readonly do: 'lossy'; readonly ms: number; readonly loss: number }
  | { readonly do: 'rebind' }
  /** Of the agent's signalling. */
  | { readonly do: 'signalling'; readonly how: (typeof signalFaults)[number]; readonly ms: number };

const deed: fc.Arbitrary<CallDeed> = fc.oneof(
  { weight: 12, arbitrary: lasting('ann speaks', 300, 2_500) },
  { weight: 3, arbitrary: lasting('bob speaks', 300, 2_000) },
  { weight: 3, arbitrary: lasting('ann coughs', 10, 300) },
  { weight: 1, arbitrary: lasting('ann hums', 150, 500) },
  { weight: 1, arbitrary: fc.record({ do: one('ann barges in twice') }) },
  ...modelDeeds,
  { weight: 3, arbitrary: fc.record({ do: one('bob comes') }) },
  { weight: 2, arbitrary: fc.record({ do: one('bob goes') }) },
  { weight: 2, arbitrary: lasting('ann goes', 0, 2_000) },
  { weight: 1, arbitrary: fc.record({ do: one('engine dies') }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: one('cut'), ms: ms(100, 5_000), direction: fc.constantFrom(...directions) }),
  },
  { weight: 2, arbitrary: fc.record({ do: one('lossy'), ms: ms(300, 3_000), loss: fc.constantFrom(0.05, 0.2, 0.5) }) },
  { weight: 1, arbitrary: fc.record({ do: one('rebind') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: one('signalling'), how: fc.constantFrom(...signalFaults), ms: ms(100, 3_000) }),
  },
);

export type CallSequence = readonly Action<CallDeed>[];

/** An engine that dies four times in a minute is dead for good. */
const endures = (actions: CallSequence) => actions.filter(({ deed }) => deed.do === 'engine dies').length < 3;

/** What happens in a call before everything works again: that of a seed is always the same. */
export function callSequence(seed: number, most: number): CallSequence {
  const sequences = fc
    .array(fc.record({ afterMs: after, deed }), { minLength: Math.ceil(most / 3), maxLength: most })
    .filter(endures);
  return fc.sample(sequences, { seed, numRuns: 1 })[0]!;
}
