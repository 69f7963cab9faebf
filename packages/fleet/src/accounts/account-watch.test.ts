import { expect, it } from 'vitest';
import { AccountWatch } from './account-watch.ts';
import type { BotAccount } from './bot-account.ts';
import { checkLimits } from './bot-limits.ts';

const nothing: BotAccount = { busyMs: 0, blocked: 0, heldBytes: 0, tracks: 0 };
/** What is found, second by second. */
const findings = (limits: ConstructorParameters<typeof AccountWatch>[0], accounts: readonly Partial<BotAccount>[]) => {
  const watch = new AccountWatch({ overMs: 3000, ...limits });
  return accounts.map((one, second) => watch.read(second * 1000, { ...nothing, ...one })?.received);
};

it('finds who is busy on average for as long as is looked, and not a moment of it', () => {
  const busy = (...ms: number[]) => ms.map((busyMs) => ({ busyMs }));
  expect(findings({ busy: 0.5 }, busy(0, 900, 900, 900, 900))).toEqual(Array(5).fill(undefined));
  expect(findings({ busy: 0.5 }, busy(0, 600, 1200, 1800))).toEqual([undefined, undefined, undefined, '0.60 cores']);
  // What it did before is forgotten.
  expect(findings({ busy: 0.5 }, busy(0, 100, 200, 300, 1300, 2300)).at(-1)).toBe('0.70 cores');
});

it('finds who holds too much all the time', () => {
  const held = (...bytes: number[]) => bytes.map((heldBytes) => ({ heldBytes }));
  expect(findings({ heldBytes: 100 }, held(200, 200, 90, 200, 200))).toEqual(Array(5).fill(undefined));
  expect(findings({ heldBytes: 100 }, held(200, 150, 200, 200)).at(-1)).toBe('150 bytes');
  expect(findings({ tracks: 2 }, Array(4).fill({ tracks: 3 })).at(-1)).toBe('3 tracks');
  expect(findings({}, Array(4).fill({ tracks: 3, heldBytes: 1e9, busyMs: 1e9 })).at(-1)).toBeUndefined();
});

it.each([
  [{ busy: 0 }, /limits.busy/],
  [{ cpu: 1 }, /limits/],
])('refuses %o at once', (limits, message) => {
  expect(() => checkLimits('limits', limits as object)).toThrow(message);
});
