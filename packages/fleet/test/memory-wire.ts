import type { LinkWire } from '../src/links/link-wire.ts';

/** A network in one process: in order, in a later turn, and lossy where a test says so. */
export class MemoryNetwork {
  readonly #listeners = new Map<string, Set<(message: Uint8Array) => void>>();
  readonly #tellers = new Set<(error: Error) => void>();
  readonly #backs = new Set<() => void>();
  #connected = true;
  mostBytes = 1024 * 1024;
  /** Messages for which it is true do not arrive. */
  loses: (subject: string, message: Uint8Array) => boolean = () => false;
  /** Every message that was given away. */
  messages = 0;

  get connected(): boolean {
    return this.#connected;
  }

  set connected(connected: boolean) {
    this.#connected = connected;
    if (connected) for (const tell of [...this.#backs]) tell();
  }

  readonly wire: LinkWire = this.#wireOf();

  lose(error: Error): void {
    for (const tell of this.#tellers) tell(error);
  }

  #wireOf(): LinkWire {
    const network = this;
    return {
      get mostBytes() {
        return network.mostBytes;
      },
      get connected() {
        return network.connected;
      },
      publish: (subject, message) => {
        this.messages++;
        if (!this.connected || this.loses(subject, message)) return;
        const sent = message.slice();
        queueMicrotask(() => {
          for (const take of [...(this.#listeners.get(subject) ?? [])]) take(sent);
        });
      },
      subscribe: (subject, take) => {
        const listeners = this.#listeners.get(subject) ?? new Set();
        this.#listeners.set(subject, listeners.add(take));
        return () => listeners.delete(take);
      },
      onBack: (tell) => {
        this.#backs.add(tell);
        return () => this.#backs.delete(tell);
      },
      onLost: (tell) => {
        this.#tellers.add(tell);
        return () => this.#tellers.delete(tell);
      },
    };
  }
}
