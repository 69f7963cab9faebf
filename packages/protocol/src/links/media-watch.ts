import type { Timers } from './timers.ts';

/** Without a packet for this long where there should be some, the path is taken for broken. Milliseconds. */
const SILENT_MS = 1_500;
/** A timer that is later than this was held up by a blocked event loop. */
const STALL_MS = 300;
/** A connection that is not up after this long is helped. */
const CONNECT_MS = 4_000;
/**
 * Delays between ICE restarts while the path is broken. The first finds a new way if the old one will not return. The
 * engine checks the ways of every restart in turn, 48 ms each, so that restarts make the old way's return slower to
 * notice: it has until 13.5 s. After that the engine is about to give up, and without a restart nothing would return.
 */
const RESTART_MS = [0, 12_000, 2_000] as const;

/** What an engine says of a connection, as `RTCPeerConnection.connectionState`. */
export type LinkState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

/** What a {@link MediaWatch} asks for and tells, and the time that it goes by. */
export interface MediaWatchOptions extends Timers {
  /** Asks for an ICE restart. */
  readonly restart: () => void;
  /** Media stopped arriving, or arrives again. */
  readonly onChange: (state: 'interrupted' | 'connected') => void;
}

/**
 * Notices that media of one participant stopped arriving, from received packets instead of ICE's verdict, which takes
 * 6 to 17 s, and asks for early, repeated restarts until packets flow again.
 */
export class MediaWatch {
  readonly #options: MediaWatchOptions;
  #expected = false;
  #received = 0;
  #progressAt: number;
  #state: LinkState = 'new';
  #broken = false;
  /** A check that came late was put off, and no packet has come since: a page in the background is always late. */
  #putOff = false;
  #cancelCheck: () => void = () => {};
  #cancelRestart: () => void = () => {};

  constructor(options: MediaWatchOptions) {
    this.#options = options;
    this.#progressAt = options.now();
  }

  /** Media is missing. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether the other side is there, as far as can be told: packets where they are expected, otherwise ICE. */
  get alive(): boolean {
    return this.#expected && this.#received > 0 ? !this.#broken : this.#state === 'connected';
  }

  /** Whether somebody sends us packets all the time: a muted peer that sends nothing is not a broken path. */
  expect(expected: boolean): void {
    if (expected === this.#expected) return;
    this.#expected = expected;
    this.#progressAt = this.#options.now();
    if (expected) this.#check();
    else if (this.#state === 'connected') this.#mended();
  }

  /** So many packets have come since the beginning. */
  packets(received: number): void {
    if (received === this.#received) return;
    const first = this.#received === 0;
    this.#received = received;
    this.#progressAt = this.#options.now();
    this.#putOff = false;
    if (this.#broken) this.#mended();
    // From here on the shorter limit counts.
    else if (first) this.#check();
  }

  /**
   * Whether samples are of the far side. While the path is broken the engine goes on with silence, which nobody sent; the
   * first sound says that the path is whole, before packets are counted.
   */
  hears(samples: Int16Array): boolean {
    if (!this.#broken) return true;
    if (samples.every((sample) => sample === 0)) return false;
    this.#mended();
    return true;
  }

  /** What the engine says of the connection. */
  state(state: LinkState): void {
    this.#state = state;
    if (state === 'disconnected' || state === 'failed') this.#break();
    else if (state === 'connected' && !this.#expected) this.#mended();
    else this.#check();
  }

  /** The network may have changed: do not wait for the next restart. */
  retry(): void {
    if (this.#broken) this.#options.restart();
  }

  /** Watches no longer. */
  close(): void {
    this.#cancelCheck();
    this.#cancelRestart();
    this.#state = 'closed';
  }

  #check = (): void => {
    this.#cancelCheck();
    if (this.#state === 'closed' || this.#broken) return;
    const connecting = this.#state === 'new' || this.#state === 'connecting';
    if (!this.#expected && !connecting) return;
    const limit = this.#received === 0 || connecting ? CONNECT_MS : SILENT_MS;
    const due = this.#progressAt + limit;
    if (this.#options.now() >= due) this.#break();
    else this.#wake(due);
  };

  #wake(time: number): void {
    const { now, after } = this.#options;
    this.#cancelCheck = after(time - now(), () => {
      // Packets that came while the event loop was blocked are told after its timers: wait for them.
      const late = now() > time + STALL_MS && !this.#putOff;
      if (late) {
        this.#putOff = true;
        this.#wake(now() + STALL_MS);
      } else this.#check();
    });
  }

  #break(): void {
    if (this.#broken || this.#state === 'closed') return;
    this.#broken = true;
    this.#cancelCheck();
    this.#options.onChange('interrupted');
    this.#restartAfter(0);
  }

  /** Restarts by and by; the last delay is that of all further ones. */
  #restartAfter(tries: number): void {
    if (!this.#broken || this.#state === 'closed') return;
    const { after, restart } = this.#options;
    this.#cancelRestart = after(RESTART_MS[Math.min(tries, RESTART_MS.length - 1)]!, () => {
      restart();
      this.#restartAfter(tries + 1);
    });
  }

  #mended(): void {
    this.#cancelRestart();
    if (this.#broken) {
      this.#broken = false;
      this.#options.onChange('connected');
    }
    this.#progressAt = this.#options.now();
    this.#check();
  }
}
