import fc from 'fast-check';
import {
  type DetectorFault,
  detectorFaults,
  type EarFault,
  earFaults,
  type MindFault,
  mindFaults,
  type Opening,
  openings,
  type VoiceFault,
  voiceFaults,
} from './fault-plan.ts';

/** Something that happens in a conversation. Times are in milliseconds. */
export type Deed =
  | { readonly do: 'speak' | 'cough' | 'hum'; readonly ms: number }
  | { readonly do: 'barge-twice' }
  | { readonly do: 'mind'; readonly fault: MindFault }
  | { readonly do: 'voice'; readonly fault: VoiceFault }
  | { readonly do: 'ear'; readonly fault: EarFault }
  | { readonly do: 'detector'; readonly fault: DetectorFault; readonly ms: number }
  | { readonly do: 'refuse'; readonly opening: Opening; readonly times: number }
  | { readonly do: 'host dies' }
  | { readonly do: 'unheard' | 'held' | 'away' | 'stall'; readonly ms: number }
  | { readonly do: 'say'; readonly polite: boolean }
  | { readonly do: 'mute' | 'unmute' | 'interrupt' };

export interface Action {
  /** After the one before. */
  readonly afterMs: number;
  readonly deed: Deed;
}

const ms = (min: number, max: number) => fc.integer({ min, max });
const one = <const T extends string>(name: T) => fc.constant(name);
const lasting = <const T extends string>(name: T, min: number, max: number) =>
  fc.record({ do: one(name), ms: ms(min, max) });

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: lasting('speak', 100, 2_000) },
  { weight: 1, arbitrary: lasting('speak', 3_000, 9_000) },
  { weight: 3, arbitrary: lasting('cough', 10, 300) },
  { weight: 1, arbitrary: lasting('hum', 150, 500) },
  { weight: 1, arbitrary: fc.record({ do: one('barge-twice') }) },
  { weight: 5, arbitrary: fc.record({ do: one('mind'), fault: fc.constantFrom(...mindFaults) }) },
  { weight: 5, arbitrary: fc.record({ do: one('voice'), fault: fc.constantFrom(...voiceFaults) }) },
  { weight: 3, arbitrary: fc.record({ do: one('ear'), fault: fc.constantFrom(...earFaults) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: one('detector'), fault: fc.constantFrom(...detectorFaults), ms: ms(100, 4_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('refuse'), opening: fc.constantFrom(...openings), times: ms(1, 6) }) },
  { weight: 1, arbitrary: fc.record({ do: one('host dies') }) },
  { weight: 1, arbitrary: lasting('unheard', 50, 3_000) },
  { weight: 1, arbitrary: lasting('held', 50, 4_000) },
  { weight: 1, arbitrary: lasting('away', 50, 3_000) },
  { weight: 1, arbitrary: lasting('stall', 20, 600) },
  { weight: 2, arbitrary: fc.record({ do: one('say'), polite: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('mute' as const, 'unmute' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: one('interrupt') }) },
);

/** Moments between two deeds: anything, with those where something is about to be heard more often. */
const after = fc.oneof(ms(0, 120), ms(0, 700), ms(0, 3_000));

/** What happens before everything works again. */
export const sequences: fc.Arbitrary<readonly Action[]> = fc.array(fc.record({ afterMs: after, deed }), {
  minLength: 1,
  maxLength: 14,
});

/** A sequence as a script that a reader can follow. */
export function scriptOf(actions: readonly Action[]): string {
  let at = 0;
  return actions
    .map(({ afterMs, deed: { do: what, ...how } }) => {
      at += afterMs;
      const details = Object.entries(how).map(([key, value]) => (key === 'ms' ? `${value} ms` : `${value}`));
      return `  ${String(at).padStart(6)} ms  ${[what, ...details].join(' ')}`;
    })
    .join('\n');
}
