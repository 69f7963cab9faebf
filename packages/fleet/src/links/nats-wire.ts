import type { Msg, MsgCallback, Subscription } from '@nats-io/transport-node';
import { SluiceError } from '@sluice/core';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import { natsFault } from '../connection/nats-fault.ts';
import { connectionClosed } from './link-faults.ts';
import type { LinkWire } from './link-wire.ts';

/** A connection to NATS as the way of links: core NATS, at most once, no stream. */
export function natsWire(connection: FleetConnection): LinkWire {
  const { nats } = connection;
  const tellers = new Set<(error: Error) => void>();
  const lose = (error: Error) => {
    for (const tell of [...tellers]) tell(error);
  };
  const published = new Set<string>();
  return {
    get mostBytes() {
      return nats.info?.max_payload ?? 1024 * 1024;
    },
    get connected() {
      return connection.connected;
    },
    publish(subject, message) {
      // The client keeps without a bound what it cannot send yet; links count and tell what is lost.
      if (!connection.connected) return;
      try {
        nats.publish(subject, message);
        published.add(subject);
      } catch (error) {
        // What is about to close takes nothing any more, and says that it has closed.
        if (!nats.isDraining()) throw error;
      }
    },
    subscribe(subject, take) {
      const refused = (error: unknown) => natsFault(`the subject ${subject} cannot be read`, error);
      const callback: MsgCallback<Msg> = (error, message) => {
        if (error === null || error === undefined) take(message.data);
        else lose(error instanceof SluiceError ? error : refused(error));
      };
      let subscription: Subscription;
      try {
        subscription = nats.subscribe(subject, { callback });
      } catch (error) {
        throw nats.isClosed() || nats.isDraining() ? connectionClosed(error) : refused(error);
      }
      return () => {
        if (!nats.isClosed()) subscription.unsubscribe();
      };
    },
    onBack: (tell) => connection.onConnected((connected) => connected && tell()),
    onLost(tell) {
      tellers.add(tell);
      const forgetRefused = connection.onRefused((subject, fault) => published.has(subject) && tell(fault));
      const forgetClosed = connection.onClosed((reason) => tell(connectionClosed(reason)));
      return () => {
        forgetRefused();
        forgetClosed();
        tellers.delete(tell);
      };
    },
  };
}
