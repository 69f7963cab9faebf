import type { Cancel, Clock } from '@sluice/core';
import type { WebSocket } from 'ws';
import type { MemberSocket } from './member.ts';
import type { Refusal } from './protocol.ts';
import { closeCodes } from './refusal.ts';
import type { HubConnection } from './room-hub.ts';
import { TokenBucket } from './token-bucket.ts';

/** A ping is sent this often; three without an answer and the socket is dead. Milliseconds. */
const PING_MS = 2_000;
const DEAD_AFTER_MS = 3 * PING_MS;
/** A client that does not read: this much may wait in bytes, for so long in milliseconds, and never more than the last. */
const SLOW_BYTES = 1 << 20;
const SLOW_MS = 5_000;
const STUCK_BYTES = 4 << 20;
/** How long the other side has to answer a close, in milliseconds. */
const CLOSE_MS = 1_000;

export interface RoomSocketOptions {
  readonly clock: Clock;
  /** A first message that is accepted must come within this time, in milliseconds. */
  readonly joinDeadlineMs: number;
  /** Opens the connection in the hub; `joined` is called when the first message was accepted. */
  readonly connect: (socket: MemberSocket, joined: () => void) => HubConnection;
}

/** The server's end of a client's socket, with its limits: deadlines, heartbeat, rate, and what may wait unread. */
export function guardSocket(ws: WebSocket, options: RoomSocketOptions): void {
  const { clock } = options;
  const bucket = new TokenBucket({ clock, burst: 400, perSecond: 100 });
  let lastHeard = clock.now();
  let slowSince: number | undefined;
  let cancelPing: Cancel = () => {};
  let cancelResume: Cancel = () => {};

  const refuse = (refusal: Refusal, message: string) => {
    if (ws.readyState !== ws.OPEN) return ws.terminate();
    ws.send(JSON.stringify({ type: 'refused', code: refusal, message }));
    end(closeCodes[refusal], refusal);
  };
  const end = (code: number, reason: string) => {
    ws.resume();
    ws.close(code, reason);
    const cancel = clock.at(clock.now() + CLOSE_MS, () => ws.terminate());
    ws.once('close', cancel);
  };
  const socket: MemberSocket = {
    send: (text) => {
      if (ws.readyState !== ws.OPEN) return;
      if (ws.bufferedAmount > STUCK_BYTES) return ws.terminate();
      ws.send(text);
    },
    refuse,
    close: () => end(1000, 'left'),
    get lastHeard() {
      return lastHeard;
    },
  };
  const cancelDeadline = clock.at(clock.now() + options.joinDeadlineMs, () =>
    refuse('too-late', `no join within ${options.joinDeadlineMs} ms`),
  );
  const connection = options.connect(socket, cancelDeadline);
  const heard = () => {
    lastHeard = clock.now();
  };
  const beat = () => {
    const now = clock.now();
    if (now - lastHeard > DEAD_AFTER_MS) return ws.terminate();
    slowSince = ws.bufferedAmount > SLOW_BYTES ? (slowSince ?? now) : undefined;
    if (slowSince !== undefined && now - slowSince >= SLOW_MS) return ws.terminate();
    if (ws.readyState === ws.OPEN) ws.ping();
    cancelPing = clock.at(now + PING_MS, beat);
  };
  cancelPing = clock.at(clock.now() + PING_MS, beat);

  ws.on('pong', heard);
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    heard();
    if (ws.readyState !== ws.OPEN) return;
    if (isBinary) return refuse('malformed', 'messages are text');
    const waitMs = bucket.take();
    if (waitMs > 5_000) return refuse('rate', 'too many messages');
    // Reading stops until the rate is kept again: a burst is slowed down, nothing of it is lost.
    if (waitMs > 0 && !ws.isPaused) {
      ws.pause();
      cancelResume = clock.at(clock.now() + waitMs, () => ws.resume());
    }
    connection.message(data.toString());
  });
  // What the library finds wrong (too long, not UTF-8, a broken frame) it closes by itself, with the standard's code.
  ws.on('error', () => {});
  ws.on('close', () => {
    cancelPing();
    cancelResume();
    cancelDeadline();
    connection.closed();
  });
}
