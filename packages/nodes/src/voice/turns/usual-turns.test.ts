import { describe, expect, it } from 'vitest';
import type { TurnState } from './turn-strategy.ts';
import { usualTurns } from './usual-turns.ts';

const state: TurnState = {
  speaking: false,
  speechMs: 700,
  silenceMs: 300,
  text: 'so what now',
  words: [],
  final: false,
  agentSpeaking: false,
  recognizerLatencyMs: 0,
};

describe('usualTurns', () => {
  it('waits for the word of a recogniser that judges turns, but not for one on words that another told', () => {
    const recognizer = { turns: true };
    const { endAfterMs } = usualTurns(recognizer);
    expect(endAfterMs!(state)).toBe(6_000);
    expect(endAfterMs!({ ...state, final: true })).toBe(500);
    expect(endAfterMs!({ ...state, final: true, mark: 'ending' })).toBe(6_000);
    expect(endAfterMs!({ ...state, final: true, mark: 'over' })).toBe(0);
    recognizer.turns = false;
    expect(endAfterMs!(state)).toBe(500);
  });
});
