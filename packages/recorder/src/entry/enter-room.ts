// How a service comes into the room it serves.

import type { CallClient, ServiceEntry, SubscriptionProfilesUpdate, SubscriptionsUpdate } from '@sluice/transport';

/** What a service wants to receive: of single participants, and of everybody. */
export type Subscriptions = readonly [SubscriptionsUpdate | null, SubscriptionProfilesUpdate];

/** Enters with nothing to send. The client is released if that fails. */
export async function enterRoom(client: CallClient, entry: ServiceEntry, subscriptions: Subscriptions): Promise<void> {
  try {
    await client.updateSubscriptions(...subscriptions);
    const inputs = { camera: false, microphone: false };
    await client.join(entry.url, { token: entry.token, clientSettings: { inputs } });
  } catch (error) {
    await client.release();
    throw error;
  }
}
