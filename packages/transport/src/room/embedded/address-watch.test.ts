import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { watchAddress } from './address-watch.ts';

function setup(address: string, ours: readonly string[]) {
  const clock = new VirtualClock();
  const machine = { ours, looks: 0 };
  let lost = 0;
  const cancel = watchAddress(
    address,
    clock,
    () => lost++,
    () => {
      machine.looks++;
      return machine.ours;
    },
  );
  return { clock, machine, cancel, lost: () => lost };
}

test.each(['10.0.0.2', '::ffff:10.0.0.2'])(
  '%s is lost within a second of its going, which is told once',
  async (address) => {
    const { clock, machine, lost } = setup(address, ['127.0.0.1', '10.0.0.2']);
    await clock.advance(60_000);
    expect(lost()).toBe(0);
    machine.ours = ['127.0.0.1', '10.0.0.3'];
    await clock.advance(1_000);
    expect(lost()).toBe(1);
    await clock.advance(60_000);
    expect(lost()).toBe(1);
  },
);

test('nobody looks for loopback, for what this machine never had, and after the end', async () => {
  const { clock, machine, cancel, lost } = setup('10.0.0.2', ['10.0.0.2']);
  const others = ['127.0.0.1', '::ffff:127.0.0.1', '::1', 'fe80::1'].map((address) => setup(address, ['10.0.0.2']));
  cancel();
  machine.ours = [];
  const { looks } = machine;
  await clock.advance(10_000);
  for (const { clock } of others) await clock.advance(10_000);
  expect([lost(), machine.looks]).toEqual([0, looks]);
  expect(others.map((other) => [other.lost(), other.machine.looks <= 1])).toEqual(others.map(() => [0, true]));
});
