import { type Cancel, isSluiceError, SluiceError } from '@sluice/core';
import type { WebSocket } from 'ws';
import { inspectLimits } from '../protocol/limits.ts';
import type { Answer, Hello, InspectMessage } from '../protocol/messages.ts';
import type { InspectRequest } from '../protocol/requests.ts';
import { followFrame } from '../scope/follow-frame.ts';
import { isSmall, LinkScope } from '../scope/link-scope.ts';
import { type Access, CLOSE_DENIED, denied, mustAllow } from './access.ts';
import { isToken } from './doors.ts';
import type { Hub, Viewer } from './hub.ts';
import { idOf, readRequest } from './read-request.ts';
import type { ToldSample } from './told-sample.ts';

/** Why a socket is closed: too many look, or one asks for far too much. */
const CLOSE_CROWDED = 4_429;
/** How many times what may be asked is refused in a second, before the socket is closed. */
const FLOOD = 4;

export interface ClientOptions {
  readonly hub: Hub;
  readonly access: Access;
  readonly hello: Hello;
}

/** The server's end of the socket of one who looks: nothing before the token, then requests within limits. */
export class ClientSocket implements Viewer {
  readonly #ws: WebSocket;
  readonly #options: ClientOptions;
  readonly #scopes = new Map<number, LinkScope>();
  readonly #deadline: NodeJS.Timeout;
  #leave: Cancel | undefined;
  #paused = false;
  #changes = false;
  /** Whether the last sample was sent: only then a change says enough. */
  #follows = false;
  #second = 0;
  #requests = 0;

  constructor(ws: WebSocket, options: ClientOptions) {
    this.#ws = ws;
    this.#options = options;
    this.#deadline = setTimeout(() => ws.close(CLOSE_DENIED, 'no token'), inspectLimits.openMs);
    ws.on('message', (data, isBinary) => this.#take(String(data), isBinary));
    // What the library finds wrong it closes by itself, with the standard's code.
    ws.on('error', () => {});
    ws.on('close', () => this.#closed());
  }

  tell(message: InspectMessage['type'], json: string): void {
    if (this.#ws.bufferedAmount > inspectLimits.stuckBytes) return this.#ws.terminate();
    if ((message === 'calls' || message === 'fleets') && this.isAway) return;
    this.#ws.send(json);
  }

  sample(told: ToldSample): void {
    const follows = this.#follows;
    this.#follows = !this.isAway;
    if (this.#follows) this.#ws.send(this.#changes && follows ? told.change : told.whole);
  }

  get isAway(): boolean {
    return this.#paused || this.#ws.bufferedAmount > inspectLimits.slowBytes;
  }

  topologyChanged(): void {
    for (const scope of this.#scopes.values()) scope.renew();
  }

  flush(): void {
    for (const scope of this.#scopes.values()) scope.flush();
  }

  #take(text: string, isBinary: boolean): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    const id = idOf(text);
    try {
      if (isBinary) throw new SluiceError('SLUICE_INSPECTOR_REQUEST', 'requests are text', { received: 'binary data' });
      this.#count();
      const request = readRequest(text);
      if (request === undefined) return;
      if (request.type === 'open') this.#open(request);
      else if (this.#leave === undefined) this.#ws.close(CLOSE_DENIED, 'no token');
      else this.#do(request);
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  #open({ token, changes = false }: Extract<InspectRequest, { type: 'open' }>): void {
    const { hub, access, hello } = this.#options;
    if (this.#leave !== undefined) return;
    if (!isToken(token, access.token)) return this.#ws.close(CLOSE_DENIED, 'wrong token');
    if (hub.viewers >= inspectLimits.clients) return this.#ws.close(CLOSE_CROWDED, 'too many look');
    clearTimeout(this.#deadline);
    this.#changes = changes;
    this.#answer(hello);
    this.#leave = hub.enter(this);
  }

  #do(request: Exclude<InspectRequest, { type: 'open' }>): void {
    if (request.type === 'scope') this.#scope(request);
    else if (request.type === 'unscope') this.#unscope(request.id);
    else if (request.type === 'follow') void this.#follow(request);
    else if (request.type === 'send') void this.#send(request);
    else if (request.type === 'history') this.#options.hub.history(this);
    else this.#paused = request.paused;
  }

  #scope(request: Extract<InspectRequest, { type: 'scope' }>): void {
    const { hub, access } = this.#options;
    if (request.kinds.some((kind) => kind !== 'peaks')) mustAllow(access, 'media');
    this.#unscope(request.id);
    this.#mustHaveRoom(isSmall(request.kinds));
    const send = (packet: Uint8Array) => this.#packet(packet);
    const scope = new LinkScope(hub.graph(request.graph), request, send, () => !this.isAway);
    this.#scopes.set(request.id, scope);
    this.#answer({ type: 'done', id: request.id });
  }

  #mustHaveRoom(small: boolean): void {
    const most = small ? inspectLimits.thumbnails : inspectLimits.scopes;
    const open = [...this.#scopes.values()].filter((scope) => scope.small === small).length;
    if (open < most) return;
    throw denied(
      small ? `no more than ${most} thumbnails may be looked at` : `no more than ${most} links may be looked at`,
      {
        fix: 'Unscope one of them first',
      },
    );
  }

  #unscope(id: number): void {
    this.#scopes.get(id)?.close();
    this.#scopes.delete(id);
  }

  async #send({ id, graph, node, message }: Extract<InspectRequest, { type: 'send' }>): Promise<void> {
    try {
      mustAllow(this.#options.access, 'control');
      await this.#options.hub.graph(graph).graph.send(node, message);
      this.#answer({ type: 'done', id });
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  async #follow({ id, graph, link }: Extract<InspectRequest, { type: 'follow' }>): Promise<void> {
    try {
      this.#answer({ type: 'followed', id, hops: await followFrame(this.#options.hub.graph(graph).graph, link) });
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  /** Sound for one who does not read is lost: the next packet's time says so. */
  #packet(packet: Uint8Array): void {
    if (this.#ws.readyState === this.#ws.OPEN && this.#ws.bufferedAmount < inspectLimits.slowBytes)
      this.#ws.send(packet, { binary: true });
  }

  /** Counts what comes in this second. What is too much is refused, and who goes on all the same is closed. */
  #count(): void {
    const most = inspectLimits.requestsPerSecond;
    const second = Math.floor(performance.now() / 1_000);
    this.#requests = second === this.#second ? this.#requests + 1 : 1;
    this.#second = second;
    if (this.#requests <= most) return;
    if (this.#requests > FLOOD * most) this.#ws.close(CLOSE_CROWDED, 'too many requests');
    throw denied('that are too many requests', { fix: `Send at most ${most} in a second` });
  }

  /** Who has not shown the token hears not even why. */
  #refuse(id: number | undefined, error: unknown): void {
    if (this.#leave === undefined) return this.#ws.close(CLOSE_DENIED, 'no token');
    const code = isSluiceError(error) ? error.code : 'SLUICE_INSPECTOR_REQUEST';
    this.#answer({ type: 'refused', id, code, message: error instanceof Error ? error.message : String(error) });
  }

  #answer(message: Answer | Hello): void {
    if (this.#ws.bufferedAmount > inspectLimits.stuckBytes) return this.#ws.terminate();
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(JSON.stringify(message));
  }

  #closed(): void {
    clearTimeout(this.#deadline);
    this.#leave?.();
    for (const scope of this.#scopes.values()) scope.close();
    this.#scopes.clear();
  }
}
