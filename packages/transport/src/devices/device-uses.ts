import type { DeviceUse, ListenerState } from './device-use.ts';

interface User {
  readonly onGone: (() => void) | undefined;
}

/** The clients that send a device, and who hears or sees each. */
export class DeviceUses {
  readonly #states = new Map<User, ListenerState>();
  readonly #changed: (state: ListenerState) => void;

  /** @param changed called with what a client said of its far side */
  constructor(changed: (state: ListenerState) => void) {
    this.#changed = changed;
  }

  /** Whether a client sends the device. */
  get any(): boolean {
    return this.#states.size > 0;
  }

  /** Whether somebody hears or sees it. */
  get heard(): boolean {
    for (const state of this.#states.values()) if (state === 'heard') return true;
    return false;
  }

  get states(): ListenerState[] {
    return [...this.#states.values()];
  }

  /** A client sends the device from now on, in state `connecting`. */
  add(onGone: (() => void) | undefined): DeviceUse {
    const user = { onGone };
    this.#states.set(user, 'connecting');
    return {
      set: (state) => {
        if (!this.#states.has(user)) return;
        this.#states.set(user, state);
        this.#changed(state);
      },
      close: () => this.#states.delete(user),
    };
  }

  /** The device is gone. Call what is returned to tell the clients. */
  close(): () => void {
    const users = [...this.#states.keys()];
    this.#states.clear();
    return () => {
      for (const { onGone } of users) onGone?.();
    };
  }
}
