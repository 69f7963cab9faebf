import type { Msg, Subscription } from '@nats-io/transport-node';
import type { FleetConnection } from './fleet-connection.ts';
import { natsFault } from './nats-fault.ts';

/** Subscribes, and resolves when the server does it. @throws SluiceError `SLUICE_FLEET_REFUSED` where it does not let these credentials */
export async function hear(
  connection: FleetConnection,
  subject: string,
  take: (message: Msg) => void,
): Promise<Subscription> {
  let refused: Error | undefined;
  const subscription = connection.nats.subscribe(subject, {
    callback: (error, message) => {
      if (error === null) take(message);
      else refused ??= error;
    },
  });
  try {
    await connection.answered(connection.nats.flush());
    if (refused !== undefined) throw natsFault(`the subject ${subject} cannot be read`, refused);
    return subscription;
  } catch (error) {
    // Else the client would ask for it again each time that the server is back.
    if (!connection.nats.isClosed()) subscription.unsubscribe();
    throw error;
  }
}
