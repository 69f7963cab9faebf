import { iceUser } from '../sdp-policy.ts';

/** An honest far side says 32 of each type at most, of three types. */
const MOST = 128;

/**
 * How many candidates of one far side are taken for one gathering of it. Each is one more way that an engine checks in turn and keeps
 * until the connection is closed, and one that comes before any description waits for it.
 */
export class CandidateBound {
  #iceUser: string | undefined;
  #taken = 0;

  /** A description of the far side was taken: with another name of ICE its candidates begin anew. */
  described(sdp: string): void {
    const name = iceUser(sdp);
    if (this.#iceUser !== undefined && name !== this.#iceUser) this.#taken = 0;
    this.#iceUser = name;
  }

  /** Counts one that is taken. False where there are too many. */
  tryTake(): boolean {
    if (this.#taken >= MOST) return false;
    this.#taken++;
    return true;
  }
}
