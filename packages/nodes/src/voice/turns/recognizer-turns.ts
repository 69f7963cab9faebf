import { checkKeys } from '@sluice/core';
import { checkMs } from '../../options/check-option.ts';
import type { TurnStrategy } from './turn-strategy.ts';

/** How long {@link recognizerTurns} relies on a recogniser. */
export interface RecognizerTurnsOptions {
  /**
   * Silence after which a turn is over whatever the recogniser says of it, in milliseconds: it may be lost or never have
   * heard anything. Default 6,000.
   */
  readonly latestMs?: number;
}

/**
 * The recogniser says when a turn is over, one with `turns: true`: the turn ends with its word for it, also where the voice
 * detector still hears somebody, and by silence only after `latestMs`. Stands in place of `silence()`, which would end turns
 * by itself.
 *
 * @example
 * voiceAgent(bot, { ...models, hears, speaks, recognizer: deepgramFlux(), turns: [recognizerTurns(), backChannels()] });
 * @throws TypeError, RangeError at once for options that do not exist or are out of range
 */
export function recognizerTurns(options: RecognizerTurnsOptions = {}): TurnStrategy {
  checkKeys<RecognizerTurnsOptions>('recognizerTurns', options, { latestMs: true });
  const { latestMs = 6_000 } = options;
  checkMs('recognizerTurns.latestMs', latestMs);
  return { name: 'recognizer-turns', endAfterMs: ({ mark }) => (mark === 'over' ? 0 : latestMs) };
}
