import type { CallClient, CallEvents } from '@sluice/transport';

/** The next event of its kind that fits. */
export function nextEvent<K extends keyof CallEvents>(
  client: CallClient,
  event: K,
  fits: (data: CallEvents[K]) => boolean = () => true,
): Promise<CallEvents[K]> {
  return new Promise((resolve) => {
    const cancel = client.on(event, (data) => {
      if (!fits(data)) return;
      cancel();
      resolve(data);
    });
  });
}
