import { expect, it } from 'vitest';
import { AccountWatch } from './account-watch.ts';
import { type BotAccount, describeAccount } from './bot-account.ts';
import { countHoldings } from './bot-holdings.ts';
import { allLimits, type BotLimits, checkLimits } from './bot-limits.ts';

const nothing: BotAccount = {
  busyMs: 0,
  blocked: 0,
  queuedFrames: 0,
  heldBytes: 0,
  poolBytes: 0,
  tracks: 0,
  devices: 0,
};
/** What is found, second by second. */
const findings = (limits: BotLimits, accounts: readonly Partial<BotAccount>[], capacity = 10) => {
  const watch = new AccountWatch(allLimits({ overMs: 3000, ...limits }, capacity));
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
});

it('bounds what nobody has bounded, and lifts what is said to be infinite', () => {
  const busy = [0, 510, 1020, 1530].map((busyMs) => ({ busyMs }));
  expect(findings({}, busy).at(-1)).toBe('0.51 cores');
  // Who is alone on its worker is a burden to nobody.
  expect(findings({}, busy, 1).at(-1)).toBeUndefined();
  expect(findings({ busy: Infinity }, busy).at(-1)).toBeUndefined();
  const held = (one: Partial<BotAccount>) => findings({}, Array(4).fill(one)).at(-1);
  expect(held({ heldBytes: 2 ** 28 })).toBeUndefined();
  expect(held({ heldBytes: 2 ** 28 + 1 })).toBe('268435457 bytes');
  expect(held({ queuedFrames: 10_001 })).toBe('10001 queued frames');
  expect(held({ tracks: 129 })).toBe('129 tracks');
  expect(held({ devices: 33 })).toBe('33 devices');
});

it('tells all of an account', () => {
  const account = { busyMs: 9, blocked: 0, queuedFrames: 1, heldBytes: 30, poolBytes: 20, tracks: 4, devices: 5 };
  const watch = new AccountWatch(allLimits({ tracks: 1, overMs: 1 }, 1));
  watch.read(0, account);
  const expected = '1 tracks at most, over 1 ms';
  expect(watch.read(1, account)).toEqual({ expected, received: '4 tracks', account });
  expect(describeAccount(account)).toBe(
    '9 ms busy since it began, 1 frames queued, 30 bytes held, 20 of them by pools, 4 tracks, 5 devices',
  );
});

it('counts what a bot lists, in the moment in which it is asked', () => {
  const media = {
    microphone: { state: 'playable' },
    camera: { state: 'off' },
    customAudio: { radio: { state: 'loading' } },
  };
  const calls = [{ participants: () => ({ local: { media }, other: { media } }) }];
  const pools = [{ stats: { openBytes: 10, idleBytes: 5 } }, { stats: { openBytes: 1, idleBytes: 0 } }];
  expect(countHoldings({ calls, pools, devices: 2, bytes: 7, tracks: 1 })).toEqual({
    poolBytes: 16,
    bytes: 7,
    devices: 2,
    tracks: 5,
  });
  expect(countHoldings({})).toEqual({ poolBytes: 0, bytes: 0, devices: 0, tracks: 0 });
  for (const odd of [{ bytes: Number.NaN }, { tracks: -1 }, { devices: '3' as never }, { pools: [{}] as never }])
    expect(() => countHoldings(odd)).toThrow(TypeError);
});

it.each([
  [{ busy: 0 }, /limits.busy/],
  [{ cpu: 1 }, /limits/],
  [{ devices: Number.NaN }, /limits.devices/],
  [{ overMs: Infinity }, /limits.overMs/],
])('refuses %o at once', (limits, message) => {
  expect(() => checkLimits('limits', limits as object)).toThrow(message);
});
