import { networkInterfaces } from 'node:os';
import type { Cancel, Clock } from '@sluice/core';
import { isLoopbackAddress } from '../../address-ranges.ts';

/** How often is looked, in milliseconds. A look takes 0.3 ms, and who hears nothing waits for 1.5 s before it restarts ICE. */
const LOOK_MS = 1_000;

/**
 * Calls `lost` once when this machine has an address no more, because it is in another network: what is bound to it is told
 * nothing, and waits for answers that cannot come.
 */
export function watchAddress(
  address: string,
  clock: Clock,
  lost: () => void,
  ours: () => readonly string[] = addresses,
): Cancel {
  // As sockets of both versions have it.
  const own = address.replace(/^::ffff:(?=\d+\.)/i, '');
  let cancel: Cancel = () => {};
  const look = () => {
    if (ours().includes(own)) again();
    else lost();
  };
  const again = () => {
    cancel = clock.at(clock.now() + LOOK_MS, look);
  };
  // What is not found at first is written otherwise there, as one with a zone is.
  if (!isLoopbackAddress(own) && ours().includes(own)) again();
  return () => cancel();
}

function addresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
}
