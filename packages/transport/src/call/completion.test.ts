import { expect, it, vi } from 'vitest';
import { optionsAndCompletion } from './completion.ts';

it('takes a completion alone, options alone, or both', () => {
  const completion = vi.fn();
  expect(optionsAndCompletion(completion, undefined)).toEqual({ options: {}, completion });
  expect(optionsAndCompletion({ timeoutMs: 5 }, undefined)).toEqual({
    options: { timeoutMs: 5 },
    completion: undefined,
  });
  expect(optionsAndCompletion({ timeoutMs: 5 }, completion)).toEqual({ options: { timeoutMs: 5 }, completion });
});
