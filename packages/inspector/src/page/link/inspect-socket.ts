import { changedSample } from '../../protocol/changes.ts';
import { decodePacket, type MediaPacket } from '../../protocol/media-packet.ts';
import type { Answer, FollowedHop, InspectMessage, Sample } from '../../protocol/messages.ts';
import type { InspectRequest, ScopeKind } from '../../protocol/requests.ts';
import type { Store } from './store.ts';

const DENIED = 4_401;
/** Until a process that went away is asked again, in milliseconds. */
const RETRY_MS = 1_000;

/** What is refused, as the process says it. */
export class RefusedError extends Error {
  readonly code: string;

  constructor({ code, message }: Extract<Answer, { type: 'refused' }>) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (hops: readonly FollowedHop[]) => void;
  readonly reject: (error: Error) => void;
}

/** The page's end of the socket: fills the store, hands packets to whoever scopes, asks. */
export class InspectSocket {
  readonly #store: Store;
  readonly #url: string;
  readonly #token: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #scopes = new Map<number, (packet: MediaPacket) => void>();
  /** Is told of each message as it came, for recordings. */
  listener: ((message: InspectMessage) => void) | undefined;
  #ws: WebSocket | undefined;
  /** What changes go on from. */
  #sample: Sample | undefined;
  #paused = false;
  #ids = 0;

  constructor(store: Store, url: string, token: string) {
    this.#store = store;
    this.#url = url;
    this.#token = token;
  }

  open(): void {
    const ws = new WebSocket(this.#url);
    ws.binaryType = 'arraybuffer';
    this.#ws = ws;
    ws.onopen = () => {
      this.#ask({ type: 'open', token: this.#token, changes: true });
      if (this.#paused) this.pausePage(true);
    };
    ws.onmessage = ({ data }) => (typeof data === 'string' ? this.#take(data) : this.#takePacket(data as ArrayBuffer));
    ws.onclose = ({ code }) => this.#closed(code);
  }

  /** Looks at a link; resolves with what ends it. */
  async scope(
    graph: number,
    link: string,
    kinds: readonly ScopeKind[],
    take: (packet: MediaPacket) => void,
  ): Promise<() => void> {
    const id = this.#nextId();
    this.#scopes.set(id, take);
    const close = () => {
      this.#scopes.delete(id);
      this.#ask({ type: 'unscope', id });
    };
    try {
      await this.#asked({ type: 'scope', id, graph, link, kinds });
    } catch (error) {
      this.#scopes.delete(id);
      throw error;
    }
    return close;
  }

  /** Sends a node a message. */
  send(graph: number, node: string, message: { readonly type: string }): Promise<void> {
    return this.#asked({ type: 'send', id: this.#nextId(), graph, node, message }).then(() => {});
  }

  /** Follows the next frame of a link. */
  follow(graph: number, link: string): Promise<readonly FollowedHop[]> {
    return this.#asked({ type: 'follow', id: this.#nextId(), graph, link });
  }

  /** Whether nobody sees the page; the next process is told as well. */
  pausePage(paused: boolean): void {
    this.#paused = paused;
    this.#ask({ type: 'pause-page', paused });
  }

  #nextId(): number {
    this.#ids = (this.#ids % 65_535) + 1;
    return this.#ids;
  }

  #asked(request: Extract<InspectRequest, { id: number }>): Promise<readonly FollowedHop[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      if (!this.#ask(request)) this.#settle(request.id, new Error('the process does not answer'));
    });
  }

  #ask(request: InspectRequest): boolean {
    if (this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify(request));
    return true;
  }

  #take(text: string): void {
    const message = this.#whole(JSON.parse(text) as InspectMessage);
    if (message === undefined) return;
    if (message.type === 'done') this.#settle(message.id, undefined);
    else if (message.type === 'followed') this.#settle(message.id, undefined, message.hops);
    else if (message.type === 'refused') this.#settle(message.id, new RefusedError(message));
    this.listener?.(message);
    this.#store.take(message);
  }

  /** Nobody else has to know that samples come as changes of each other. */
  #whole(message: InspectMessage): InspectMessage | undefined {
    if (message.type === 'hello') this.#sample = undefined;
    else if (message.type === 'sample') this.#sample = message;
    else if (message.type === 'change') {
      this.#sample &&= changedSample(this.#sample, message);
      return this.#sample;
    }
    return message;
  }

  #takePacket(data: ArrayBuffer): void {
    const packet = decodePacket(data);
    if (packet !== undefined) this.#scopes.get(packet.scope)?.(packet);
  }

  #settle(id: number | undefined, error: Error | undefined, hops: readonly FollowedHop[] = []): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id !== undefined) this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(hops);
    else waiting?.reject(error);
  }

  #closed(code: number): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, new Error('the process does not answer'));
    this.#scopes.clear();
    if (this.#store.status === 'replay') return;
    this.#store.setStatus(code === DENIED ? 'denied' : 'lost');
    if (code !== DENIED) setTimeout(() => this.open(), RETRY_MS);
  }
}
