import { checkKeys } from '@sluice/core';
import { checkMs } from '../../options/check-option.ts';
import type { TurnStrategy } from './turn-strategy.ts';

/** After how much speech an agent is interrupted without a word: see {@link sustained}. */
export interface SustainedOptions {
  /** How long somebody is known to speak before they interrupt the agent without a word being known, in milliseconds. Default 300. */
  readonly ms?: number;
}

/**
 * Who speaks for long enough interrupts the agent, whatever they say; a shorter sound interrupts it when a word of it is
 * known. For models that hear for themselves and tell words late.
 */
export function sustained(options: SustainedOptions = {}): TurnStrategy {
  checkKeys<SustainedOptions>('sustained', options, { ms: true });
  const { ms = 300 } = options;
  checkMs('sustained.ms', ms);
  return {
    name: 'sustained',
    interrupts: ({ text, speechMs }) => (speechMs >= ms || /[\p{L}\p{N}]/u.test(text) ? 'interrupt' : 'wait'),
  };
}
