import { expect, it } from 'vitest';
import { type Credit, decodeCredit, encodeCredit } from './receiver-notes.ts';

const credit: Credit = {
  session: 9,
  receiver: 8,
  taken: 7,
  voids: 6,
  frames: 5,
  bytes: 4,
  together: 3,
  media: 2,
  done: true,
};

it('reads a credit of who takes several frames at once and of who does not know of that, and none that is cut', () => {
  const whole = encodeCredit(credit);
  expect(decodeCredit(whole)).toEqual(credit);
  expect(decodeCredit(whole.subarray(0, 40))).toEqual({ ...credit, together: 0 });
  for (const length of [39, 41, 43])
    expect(() => decodeCredit(whole.subarray(0, length))).toThrow(
      expect.objectContaining({
        code: 'SLUICE_REMOTE_FRAME',
        message: expect.stringContaining('the credit of a receiver is cut off'),
      }),
    );
});
