import { SluiceError } from '@sluice/core';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import { natsFault } from '../connection/nats-fault.ts';
import { fleetError } from '../errors.ts';
import type { LinkWire } from './link-wire.ts';

/** A connection to NATS as the way of links: core NATS, at most once, no stream. */
export function natsWire(connection: FleetConnection): LinkWire {
  const { nats } = connection;
  const tellers = new Set<(error: Error) => void>();
  const lose = (error: Error) => {
    for (const tell of [...tellers]) tell(error);
  };
  void nats.closed().then((reason) => {
    lose(
      fleetError('SLUICE_REMOTE_LINK_LOST', 'the connection to NATS of a remote link was closed', {
        fix: 'Close the connection after the graphs that use it',
        ...(reason instanceof Error ? { cause: reason } : {}),
      }),
    );
  });
  return {
    get mostBytes() {
      return nats.info?.max_payload ?? 1024 * 1024;
    },
    get connected() {
      return connection.connected;
    },
    publish(subject, message) {
      // The client keeps without a bound what it cannot send yet; links count and tell what is lost.
      if (connection.connected) nats.publish(subject, message);
    },
    subscribe(subject, take) {
      const subscription = nats.subscribe(subject, {
        callback: (error, message) => {
          if (error === null || error === undefined) take(message.data);
          else lose(error instanceof SluiceError ? error : natsFault(`the subject ${subject} cannot be read`, error));
        },
      });
      return () => {
        if (!nats.isClosed()) subscription.unsubscribe();
      };
    },
    onBack: (tell) => connection.onConnected((connected) => connected && tell()),
    onLost(tell) {
      tellers.add(tell);
      return () => tellers.delete(tell);
    },
  };
}
