import type { Recognizer } from '@sluice/core/voice';
import { recognizerTurns } from './recognizer-turns.ts';
import { silence } from './turn-strategies.ts';
import type { TurnStrategy } from './turn-strategy.ts';

/**
 * Ends turns as the recogniser can: by its word where it judges them, else by silence. Asked each time, as another may be
 * behind it by and by.
 */
export function usualTurns(recognizer: Pick<Recognizer, 'turns'>): TurnStrategy {
  const [judging, hearing] = [recognizerTurns(), silence()];
  return {
    name: 'usual-turns',
    endAfterMs: (state) => {
      // Words that are complete and of which nothing is said came from one before that judges no turns.
      const isUnjudged = state.mark === undefined && state.final && state.text !== '';
      return (recognizer.turns === true && !isUnjudged ? judging : hearing).endAfterMs?.(state);
    },
  };
}
