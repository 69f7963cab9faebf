// Deepgram on loopback, for tests and examples: its wire formats with any models behind them. Nothing for a call.

/** One connection, as the side of the service has it. */
export interface PeerLink {
  readonly query: URLSearchParams;
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal;
  send(message: object | Uint8Array): void;
  close(code: number, reason: string): void;
}

/** What the service does with what comes. */
export interface Peer {
  audio?(samples: Int16Array): void;
  message(message: { readonly type: string } & Record<string, unknown>): void;
}

/** Does one step after the other; a step that fails is a fault of the service. */
export function workOf(link: PeerLink): (step: () => void | Promise<void>) => void {
  let work = Promise.resolve();
  return (step) => {
    work = work.then(step).catch(() => link.close(1011, 'NET-0000'));
  };
}
