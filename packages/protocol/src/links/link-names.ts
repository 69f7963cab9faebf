import type { PeerBody } from '../peer-body.ts';
import { createId } from '../secrets.ts';

/** So many former ends of the far side are remembered: whoever makes new ones without end fills no memory. */
const FORMER = 16;

/**
 * Which connection a message means. Each connection has a name of its own at each end, and belongs to one of the far side: the
 * first from which something came that was said to it, or to whichever there is. A newer one of the far side ends that, so that ours is
 * a new one under a new name as well; what was said to a name that is gone concerns nobody. Messages come in order.
 */
export class LinkNames {
  readonly #former: string[] = [];
  #own = createId();
  /** The newest of the far side. */
  #remote: string | undefined;
  /** Ours belongs to that one. */
  #paired = false;

  /** Goes with everything that is sent. */
  get ids(): PeerBody['link'] {
    return this.#paired && this.#remote !== undefined ? { from: this.#own, to: this.#remote } : { from: this.#own };
  }

  /** Our end is a new one. */
  renew(): void {
    this.#own = createId();
    this.#paired = false;
  }

  /**
   * What came with a message. `past`: it means a connection that is gone. `anew`: the other side has a new one, and so have we.
   * `crossed`: so it is, but it has taken ours for the one before, and starts anew again when it is told our name.
   */
  take(link: PeerBody['link']): 'past' | 'current' | 'anew' | 'crossed' {
    const named = this.look(link);
    if (link.from !== this.#remote && !this.#former.includes(link.from)) this.#follow(link.from);
    if (named === 'current') this.#paired = true;
    if (named !== 'anew') return named;
    this.#own = createId();
    this.#paired = link.to === undefined;
    return this.#paired ? 'anew' : 'crossed';
  }

  /** What `take` would say; `anew` for both kinds of it. */
  look({ from, to }: PeerBody['link']): 'past' | 'current' | 'anew' {
    if (this.#former.includes(from)) return 'past';
    if (from !== this.#remote && this.#paired) return 'anew';
    return to === undefined || to === this.#own ? 'current' : 'past';
  }

  #follow(from: string): void {
    if (this.#remote !== undefined) this.#former.push(this.#remote);
    if (this.#former.length > FORMER) this.#former.shift();
    this.#remote = from;
  }
}
