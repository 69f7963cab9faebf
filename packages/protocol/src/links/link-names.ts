import type { PeerBody } from '../peer-body.ts';
import { createId } from '../secrets.ts';

/** So many former ends of the far side are remembered: whoever makes new ones without end fills no memory. */
const FORMER = 16;

/**
 * Which connection a message means. Each end of each connection has a name of its own; a new one tells the other side to
 * start anew, and what was sent for a connection that is gone concerns nobody.
 */
export class LinkNames {
  readonly #former: string[] = [];
  #own = createId();
  #remote: string | undefined;

  /** Goes with everything that is sent. */
  get ids(): PeerBody['link'] {
    return this.#remote === undefined ? { from: this.#own } : { from: this.#own, to: this.#remote };
  }

  /** Our end is a new one. */
  renew(): void {
    this.#own = createId();
    this.#remote = undefined;
  }

  /** What came with a message. `past`: it means a connection that is gone. `anew`: the other side has a new one. */
  take(link: PeerBody['link']): 'past' | 'current' | 'anew' {
    const named = this.look(link);
    if (named === 'past') return named;
    if (named === 'anew') {
      this.#former.push(this.#remote!);
      if (this.#former.length > FORMER) this.#former.shift();
    }
    this.#remote = link.from;
    return named;
  }

  /** What `take` would say. */
  look({ from, to }: PeerBody['link']): 'past' | 'current' | 'anew' {
    if (to !== undefined && to !== this.#own) return 'past';
    if (from === this.#remote) return 'current';
    if (this.#former.includes(from)) return 'past';
    return this.#remote === undefined ? 'current' : 'anew';
  }
}
