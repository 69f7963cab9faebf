import { createHash } from 'node:crypto';

/** Which server of a room we publish to. */
export class Home {
  /** The one that we are on. */
  url: URL;
  #next: URL;
  #dialled: URL;

  constructor(url: URL) {
    this.url = url;
    this.#next = url;
    this.#dialled = url;
  }

  /** Where the next socket goes. */
  readonly dial = (): URL => {
    this.#dialled = this.#next;
    return this.#next;
  };

  moveTo(next: URL): void {
    this.#next = next;
  }

  /** Somebody let us in. Returns the server that we were on before, if it is another one. */
  arrived(): URL | undefined {
    const former = this.url;
    this.url = this.#dialled;
    this.#next = this.#dialled;
    return former.host === this.url.host ? undefined : former;
  }

  /** Of those that can be had, the one to move to: those who lose a server in the same moment are spread over the others. */
  choose(id: string, among: readonly URL[]): URL | undefined {
    const place = ({ host }: URL) => createHash('sha256').update(`${id} ${host}`).digest('hex');
    const others = among.filter(({ host }) => host !== this.#next.host);
    return others.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))[0];
  }
}
