import { type Cancel, type Clock, SluiceError } from '@sluice/core';
import { backoff } from '../../session/backoff.ts';
import { isJanusCode } from './janus-errors.ts';
import { JanusHandle } from './janus-handle.ts';
import type { JanusMessage } from './janus-message.ts';
import { JanusSocket } from './janus-socket.ts';
import { checkServer, VIDEO_ROOM } from './server-info.ts';
import { Transactions } from './transactions.ts';

/** How often a session says that it lives at least, and how often before a server would forget it. Milliseconds. */
const KEEP_ALIVE_MS = 20_000;
const SIGNS_OF_LIFE = 3;
/** Delays between sockets, each drawn between nothing and its double, and how long it is tried. Milliseconds. */
const RETRY_MS = [100, 500, 1_000] as const;
const COMES_BACK_WITHIN_MS = 60_000;

const NO_SUCH_SESSION = 458;
/** What no waiting mends. */
const lasting = ['SLUICE_ROOM_VERSION', 'SLUICE_ROOM_TOKEN', 'SLUICE_ROOM_URL'] as const;

export interface JanusClientOptions {
  /** `janus+ws://host:port/...`, looked up for each socket: one to another server makes a session there. */
  readonly url: URL | (() => URL);
  readonly clock: Clock;
  /** Sent with each request, for a server that has an `api_secret`. */
  readonly apiSecret?: string | undefined;
  /** The same for a server with `token_auth`. */
  readonly apiToken?: string | undefined;
  readonly proxy?: (() => URL | undefined) | undefined;
  /** Aborts the opening. */
  readonly signal?: AbortSignal | undefined;
}

export interface JanusClientEvents {
  /** The socket broke, and was opened again with the same session. What was said meanwhile is not repeated. */
  readonly state: (state: 'interrupted' | 'connected') => void;
  /**
   * The server knows nothing of the session any more, and has given another one. Called before `state` says `connected`, with a
   * handle of the new session; again after a while with another one if it rejects, but for what waiting does not mend.
   */
  readonly forgotten: (entering: JanusHandle) => Promise<void>;
  /** The session is over. Called once. */
  readonly lost: (error: SluiceError) => void;
}

/** A session with a Janus server. It outlives its socket, which the next one claims it by, and the server: another one takes its place. */
export class JanusClient {
  readonly #options: JanusClientOptions;
  readonly #transactions: Transactions;
  readonly #handles = new Map<number, JanusHandle>();
  #events: JanusClientEvents | undefined;
  #socket: JanusSocket | undefined;
  /** What the last socket ended with. */
  #brokenBy: SluiceError | undefined;
  #session: number | undefined;
  /** What is asked is answered: there is a socket, and the session is its. */
  #ready = false;
  /** Nobody has entered with the new session yet. */
  #isForgotten = false;
  #cancelTimer: Cancel = () => {};
  #cancelKeepAlive: Cancel = () => {};
  #over: SluiceError | undefined;

  private constructor(options: JanusClientOptions) {
    this.#options = options;
    this.#transactions = new Transactions(options.clock);
  }

  /**
   * Connects, looks whether it is a Janus server of a version with the plugin that is needed, and makes a session.
   *
   * @throws `SLUICE_JOIN_UNREACHABLE`, `SLUICE_JOIN_REFUSED`, `SLUICE_ROOM_VERSION`, `SLUICE_ROOM_TOKEN`,
   * `SLUICE_ROOM_PROTOCOL`; the signal's reason.
   */
  static async open(options: JanusClientOptions): Promise<JanusClient> {
    const client = new JanusClient(options);
    const abort = () => client.close();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      options.signal?.throwIfAborted();
      await client.#connect();
      await client.#begin();
      client.#ready = true;
      return client;
    } catch (error) {
      client.close();
      options.signal?.throwIfAborted();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** What is to be told of this session from now on. */
  start(events: JanusClientEvents): void {
    this.#events = events;
    if (this.#over !== undefined) events.lost(this.#over);
  }

  get connected(): boolean {
    return this.#ready;
  }

  /** A handle of the VideoRoom plugin: one peer connection, and what is asked about it. */
  attach(): Promise<JanusHandle> {
    return this.#attach(this);
  }

  /** What a handle has of a session that the server forgot goes on with one of the session after it. */
  goOn(handle: JanusHandle, entering: JanusHandle): void {
    this.#handles.set(entering.id, handle);
    handle.goOnAs(entering);
  }

  /** @throws what Janus refuses it with; `SLUICE_ROOM_LOST` while there is no socket, or no session. */
  async request(body: object, doing: string, ack = false): Promise<JanusMessage> {
    if (this.#over === undefined && !this.#ready)
      throw sessionLost('the connection to the Janus server is interrupted');
    return this.#ask(body, doing, ack);
  }

  /** Ends the session, and with it all its handles. */
  close(): void {
    if (this.#over !== undefined) return;
    this.#over = sessionLost('the session with the Janus server is closed');
    this.#ready = false;
    if (this.#session !== undefined) this.#send({ janus: 'destroy', transaction: 'bye' });
    this.#dispose();
  }

  async #ask(body: object, doing: string, ack = false): Promise<JanusMessage> {
    if (this.#over !== undefined) throw this.#over;
    const { transaction, answer } = this.#transactions.begin(doing, ack);
    if (this.#socket?.open === true) this.#send({ ...body, transaction });
    else this.#transactions.fail(this.#brokenBy ?? sessionLost('the connection to the Janus server is interrupted'));
    return answer;
  }

  async #attach(requests: Pick<JanusClient, 'request'>): Promise<JanusHandle> {
    const { data } = await requests.request({ janus: 'attach', plugin: VIDEO_ROOM }, 'the VideoRoom plugin');
    const handle = new JanusHandle(data?.id ?? 0, requests, () => this.#handles.delete(handle.id));
    this.#handles.set(handle.id, handle);
    return handle;
  }

  /** Looks whether the server is one for us, and has it make a session. */
  async #begin(): Promise<void> {
    const { forgetsAfterMs } = checkServer(await this.#ask({ janus: 'info' }, 'to tell what it is'));
    const created = await this.#ask({ janus: 'create' }, 'a session');
    this.#session = created.data?.id;
    this.#cancelKeepAlive();
    this.#keepAlive(Math.min(KEEP_ALIVE_MS, forgetsAfterMs / SIGNS_OF_LIFE));
  }

  #send(message: object): void {
    const { apiSecret, apiToken } = this.#options;
    this.#socket?.send({
      ...message,
      ...(this.#session !== undefined && { session_id: this.#session }),
      ...(apiSecret !== undefined && { apisecret: apiSecret }),
      ...(apiToken !== undefined && { token: apiToken }),
    });
  }

  #connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { url, clock, proxy } = this.#options;
      const handlers = {
        open: resolve,
        message: (message: JanusMessage) => this.#take(message),
        closed: (error: SluiceError) => {
          if (this.#socket === socket) this.#brokenBy = error;
          reject(error);
          if (this.#ready && this.#socket === socket) this.#interrupted(error);
          else this.#transactions.fail(error);
        },
      };
      const socket = new JanusSocket(typeof url === 'function' ? url() : url, clock, handlers, proxy?.());
      this.#socket = socket;
    });
  }

  #take(message: JanusMessage): void {
    if (this.#transactions.take(message)) return;
    // Its socket stays open, and nothing more of the session comes through it.
    if (message.janus === 'timeout' && this.#ready) {
      this.#forget();
      return this.#interrupted(sessionLost('the Janus server forgot the session: no sign of life'));
    }
    if (message.sender !== undefined) this.#handles.get(message.sender)?.take(message);
  }

  #keepAlive(everyMs: number): void {
    const { clock } = this.#options;
    this.#cancelKeepAlive = clock.at(clock.now() + everyMs, () => {
      // A socket that is gone is noticed by itself.
      this.request({ janus: 'keepalive' }, 'a sign of life', true).catch((error: SluiceError) => {
        if (error.code === 'SLUICE_ROOM_LOST' && this.connected) this.#lost(error);
      });
      if (this.#over === undefined) this.#keepAlive(everyMs);
    });
  }

  #interrupted(cause: SluiceError): void {
    if (this.#over !== undefined) return;
    this.#ready = false;
    this.#transactions.fail(cause);
    this.#events?.state('interrupted');
    const { clock } = this.#options;
    this.#comeBack(backoff(RETRY_MS, 1), clock.now() + COMES_BACK_WITHIN_MS, cause);
  }

  #comeBack(delays: () => number, until: number, cause: SluiceError): void {
    const { clock } = this.#options;
    if (clock.now() > until)
      return this.#lost(sessionLost('the Janus server, or the room, did not come back within a minute', cause));
    this.#cancelTimer = clock.at(clock.now() + delays(), async () => {
      try {
        await this.#resume();
      } catch (error) {
        const fault = error as SluiceError;
        if (this.#over !== undefined) return;
        if (lasting.some((code) => code === fault.code)) return this.#lost(fault);
        return this.#comeBack(delays, until, fault);
      }
      if (this.#over !== undefined) return;
      this.#ready = true;
      this.#events?.state('connected');
    });
  }

  /** The session back, or another one in which its room is entered again. */
  async #resume(): Promise<void> {
    if (this.#socket?.open !== true) {
      // A session in which nobody has entered may have ended halfway.
      if (this.#isForgotten) this.#session = undefined;
      await this.#connect();
      if (this.#session !== undefined) await this.#claim();
    }
    if (this.#session === undefined) await this.#begin();
    if (!this.#isForgotten) return;
    if (this.#events === undefined) throw sessionLost('the Janus server does not know the session any more');
    // Nothing else is asked before somebody has entered.
    const entering = await this.#attach({ request: (body, doing, ack) => this.#ask(body, doing, ack) });
    try {
      await this.#events.forgotten(entering);
    } catch (error) {
      entering.detach();
      throw error;
    }
    this.#isForgotten = false;
  }

  async #claim(): Promise<void> {
    try {
      await this.#ask({ janus: 'claim' }, 'the session back');
    } catch (error) {
      if (!isJanusCode(error, NO_SUCH_SESSION)) throw error;
      this.#forget();
    }
  }

  #forget(): void {
    this.#session = undefined;
    this.#isForgotten = true;
    this.#handles.clear();
  }

  #lost(error: SluiceError): void {
    if (this.#over !== undefined) return;
    this.#over = error;
    this.#ready = false;
    this.#dispose();
    this.#events?.lost(error);
  }

  #dispose(): void {
    this.#cancelTimer();
    this.#cancelKeepAlive();
    this.#transactions.fail(this.#over!);
    this.#handles.clear();
    this.#socket?.close();
  }
}

function sessionLost(what: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_ROOM_LOST', what, { fix: 'Join again', ...(cause !== undefined && { cause }) });
}
