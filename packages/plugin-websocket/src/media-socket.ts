// The two ends of a graph in a WebSocket, and what is known of it.

import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import type { MediaSocket, MediaSocketOptions } from './media-socket-options.ts';
import { OpenSocket } from './open-socket.ts';
import { isWebSocketLike, type WebSocketLike } from './socket/web-socket-like.ts';

/**
 * Makes the ends of a graph of a WebSocket that carries sound: of a telephone gateway, a browser, a program. Listens from the
 * call on, so make it in the turn in which the socket comes. Neither end closes the socket: `control.close()` does.
 *
 * @throws TypeError, RangeError at once for options that are not valid
 * @example
 * server.on('connection', (socket) => {
 *   const { source, sink, control } = mediaSocket(socket, { form: twilioForm() });
 *   const bot = graph('echo');
 *   bot.from(source).to(sink);
 *   bot.run().finally(() => control.close());
 * });
 */
export function mediaSocket(socket: WebSocketLike, options: MediaSocketOptions): MediaSocket {
  checkKeys<MediaSocketOptions>('mediaSocket', options, {
    form: true,
    capacityMs: true,
    mostMessageBytes: true,
    mostBufferedBytes: true,
    clock: true,
    onEvent: true,
  });
  if (!isWebSocketLike(socket)) throw invalidArgument('mediaSocket socket', 'a WebSocket', socket);
  const { form, onEvent, mostMessageBytes = 256 * 1_024, mostBufferedBytes = 64 * 1_024, capacityMs } = options;
  if (typeof form?.open !== 'function') throw invalidArgument('mediaSocket.form', 'a form: twilioForm()', form);
  if (onEvent !== undefined && typeof onEvent !== 'function')
    throw invalidArgument('mediaSocket.onEvent', 'a function', onEvent);
  checkRange('mostMessageBytes', mostMessageBytes, 1_024, 16 * 1_024 * 1_024);
  checkRange('mostBufferedBytes', mostBufferedBytes, 1_024, 16 * 1_024 * 1_024);
  if (capacityMs !== undefined) checkRange('capacityMs', capacityMs, 20, 10_000);
  const line = new OpenSocket(socket, options, mostMessageBytes, mostBufferedBytes);
  return { source: line.source.source, sink: line.sink, control: line };
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(`mediaSocket.${name}`, 'a number', value);
  if (value < min || value > max) throw outOfRange(`mediaSocket.${name}`, `${min} to ${max}`, value);
}
