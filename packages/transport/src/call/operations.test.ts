import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { Operations } from './operations.ts';

let clock: VirtualClock;
let operations: Operations;
let faults: unknown[];

beforeEach(() => {
  clock = new VirtualClock();
  faults = [];
  operations = new Operations(clock, (error) => faults.push(error));
});

const forever = () => new Promise<never>(() => {});
const base = { name: 'dance', timeoutMs: 1_000 };

test('what takes too long is SLUICE_CALL_TIMEOUT, and its signal aborts', async () => {
  let signal: AbortSignal | undefined;
  const work = (given: AbortSignal) => {
    signal = given;
    return forever();
  };
  const running = operations.run({ ...base, work });
  const failed = expect(running).rejects.toThrow(expect.objectContaining({ code: 'SLUICE_CALL_TIMEOUT' }));
  await clock.advance(1_000);
  await failed;
  expect(signal?.aborted).toBe(true);
});

test('a signal ends it with SLUICE_ABORTED, also one that has aborted already', async () => {
  const controller = new AbortController();
  const running = operations.run({ ...base, signal: controller.signal, work: forever });
  controller.abort(new Error('enough'));
  await expect(running).rejects.toThrow(
    expect.objectContaining({ code: 'SLUICE_ABORTED', cause: controller.signal.reason }),
  );
  let worked = false;
  const late = operations.run({
    ...base,
    signal: controller.signal,
    work: async () => {
      worked = true;
    },
  });
  await expect(late).rejects.toThrow(expect.objectContaining({ code: 'SLUICE_ABORTED' }));
  expect(worked).toBe(false);
});

test('a completion is called once, later, with data or error; what it throws is reported', async () => {
  const calls: unknown[] = [];
  const complete = (data: number | null, error: Error | null) => {
    calls.push([data, error?.message]);
    throw new Error('in the completion');
  };
  const running = operations.run({ ...base, work: async () => 7, complete });
  expect(calls).toEqual([]);
  await running;
  const failing = operations.run({ ...base, work: () => Promise.reject(new Error('no')), complete });
  await expect(failing).rejects.toThrow('no');
  await clock.settle();
  expect(calls).toEqual([
    [7, undefined],
    [null, 'no'],
  ]);
  expect(faults).toHaveLength(2);
});

test('settled waits for all, whatever came of them', async () => {
  let finish = () => {};
  const work = () =>
    new Promise<void>((resolve) => {
      finish = resolve;
    });
  void operations.run({ ...base, work });
  operations.run({ ...base, work: () => Promise.reject(new Error('no')) }).catch(() => {});
  let settled = false;
  void operations.settled().then(() => {
    settled = true;
  });
  await clock.settle();
  expect(settled).toBe(false);
  finish();
  await clock.settle();
  expect(settled).toBe(true);
  expect(clock.timers).toBe(0);
});
