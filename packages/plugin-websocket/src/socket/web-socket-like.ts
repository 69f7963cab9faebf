// The wire: any WebSocket, its limits, its end. Nothing of what its messages say.

/** What is asked of a WebSocket: those of browsers, of Node and of `ws` have it. */
export interface WebSocketLike {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  /** Set to `arraybuffer`, so that bytes come at once and not as a `Blob`. */
  binaryType: string;
  /** Sends a message, text or binary, without waiting. */
  send(data: string | Uint8Array): void;
  /** Begins to close; the other side's answer comes as `close`. */
  close(code?: number, reason?: string): void;
  /** Calls back on each event of a kind: it is open, a message came, it is closed, it failed (`close` follows). */
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  addEventListener(type: 'error', listener: (event: unknown) => void): void;
}

const methods = ['send', 'close', 'addEventListener'] as const;

export function isWebSocketLike(value: unknown): value is WebSocketLike {
  if (typeof value !== 'object' || value === null) return false;
  const socket = value as Readonly<Record<string, unknown>>;
  return typeof socket.readyState === 'number' && methods.every((name) => typeof socket[name] === 'function');
}
