import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Node tells each socket of a client here, in the context of who makes it. */
const MADE = 'net.client.socket';

/**
 * Runs `connect` of the NATS client. It forgets its socket to a server that takes the connection and says nothing, or stops within TLS,
 * and such a socket keeps the process: those that it leaves behind are ended.
 */
export async function withoutLeftovers<T>(connect: () => Promise<T>): Promise<T> {
  const sockets: Socket[] = [];
  const ours = new AsyncLocalStorage<true>();
  const made = (message: unknown) => {
    if (ours.getStore() === true) sockets.push((message as { readonly socket: Socket }).socket);
  };
  subscribe(MADE, made);
  try {
    const connected = await ours.run(true, connect);
    // One address is tried after the other, and the last one has answered.
    sockets.pop();
    return connected;
  } finally {
    unsubscribe(MADE, made);
    ours.disable();
    for (const socket of sockets) socket.destroy();
  }
}
