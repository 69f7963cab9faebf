import { type Cancel, type Clock, SluiceError } from '@sluice/core';
import {
  type ClientMessage,
  createSecret,
  PROTOCOL,
  type Refusal,
  ReplayBuffer,
  type ServerMessage,
} from '@sluice/protocol';
import { isFinal, refused } from './refused.ts';
import { RetryDelays } from './retry-delays.ts';
import { RoomSocketClient } from './room-socket-client.ts';

export type Welcome = ServerMessage & { readonly type: 'welcome' };
export type SessionMessage = Exclude<ServerMessage, { readonly type: 'welcome' | 'resumed' | 'refused' | 'waiting' }>;

/** How long it tries to come back, and the limit of one attempt. */
const GIVE_UP_MS = 60_000;
const ATTEMPT_MS = 3_000;
/** How long a client that comes back waits for somebody to let it in. */
const ADMISSION_MS = 5 * 60_000;
/** Refusals of a moment. */
const passing: readonly Refusal[] = ['closing', 'too-late', 'busy', 'rate'];
/** Refusals that end a socket and not the session: another socket takes it up again. */
const ofOneSocket: readonly Refusal[] = ['closing', 'slow-consumer', 'rate'];

const ofThisMoment: readonly ClientMessage['type'][] = ['levels', 'alive'];

export interface SignallingOptions {
  readonly url: URL;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Looked up for each socket. */
  readonly proxy?: (() => URL | undefined) | undefined;
  /** Somebody has to let us in. */
  readonly onWaiting?: (() => void) | undefined;
  /** What to say on joining; asked again when the server has forgotten us. */
  readonly introduction: () => Pick<
    ClientMessage & { type: 'join' },
    'userName' | 'tracks' | 'token' | 'userData' | 'lease'
  >;
}

export interface SignallingHandlers {
  readonly message: (message: SessionMessage) => void;
  readonly state: (state: 'interrupted' | 'connected') => void;
  /** The server had forgotten us (it was restarted) and let us in again under the same id. */
  readonly rejoined: (welcome: Welcome) => void;
  /** The server did not hear all that was said. */
  readonly forgot: () => void;
  readonly lost: (error: SluiceError) => void;
}

/**
 * The conversation with a room server. It outlives its socket: what was said meanwhile is said again, once and in
 * order, on both sides.
 */
export class Signalling {
  readonly #options: SignallingOptions;
  readonly #identity = createSecret();
  #handlers: SignallingHandlers | undefined;
  #socket: RoomSocketClient | undefined;
  #state: 'joining' | 'connected' | 'interrupted' | 'over' = 'joining';
  #id = '';
  #secret = '';
  #received = 0;
  #replay = new ReplayBuffer();
  /** Messages of the open socket that came before somebody listened. */
  #early: SessionMessage[] = [];
  readonly #delays: RetryDelays;
  #cancelRetry: Cancel = () => {};

  private constructor(options: SignallingOptions) {
    this.#options = options;
    this.#delays = new RetryDelays(options.clock);
  }

  /** Opens a session. Rejects with the one reason why that failed. */
  static async join(
    options: SignallingOptions,
  ): Promise<{ readonly signalling: Signalling; readonly welcome: Welcome }> {
    const signalling = new Signalling(options);
    const welcome = await new Promise<Welcome>((resolve, reject) => {
      const { signal } = options;
      const aborted = () => {
        // The server may have let us in already, and would keep our place until it takes us for lost.
        signalling.#socket?.send(JSON.stringify({ type: 'leave' } satisfies ClientMessage));
        signalling.#dispose();
        reject(signal.reason);
      };
      if (signal.aborted) return aborted();
      signal.addEventListener('abort', aborted, { once: true });
      const settle = () => signal.removeEventListener('abort', aborted);
      signalling.#attempt('join', {
        welcome: (message) => {
          settle();
          resolve(message);
        },
        waiting: () => options.onWaiting?.(),
        failed: (error) => {
          settle();
          signalling.#dispose();
          reject(error);
        },
      });
    });
    return { signalling, welcome };
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  start(handlers: SignallingHandlers): void {
    this.#handlers = handlers;
    for (const message of this.#early.splice(0)) handlers.message(message);
  }

  /** Says it now, or as soon as the socket is back. Returns whether a socket took it. */
  send(message: ClientMessage): boolean {
    if (this.#state === 'over') return false;
    // What is only true now is not said later: a minute of it would push out the rest.
    if (this.#state !== 'connected' && ofThisMoment.includes(message.type)) return false;
    const text = JSON.stringify(message);
    this.#replay.push(text, this.#options.clock.now());
    return this.#state === 'connected' && this.#socket?.send(text) === true;
  }

  leave(): void {
    if (this.#state === 'over') return;
    this.send({ type: 'leave' });
    this.#dispose();
  }

  #dispose(): void {
    this.#state = 'over';
    this.#cancelRetry();
    this.#socket?.close();
  }

  /** One socket: introduces itself, then serves the session until the socket ends. */
  #attempt(
    how: 'join' | 'resume',
    outcome: {
      readonly welcome: (message: Welcome) => void;
      /** Somebody has to let us in, which takes its time. */
      readonly waiting: () => void;
      readonly failed: (error: SluiceError | undefined, refusal?: Refusal) => void;
    },
  ): void {
    const { url, clock, introduction, proxy } = this.#options;
    let open = false;
    const socket = new RoomSocketClient(
      url,
      clock,
      {
        message: (message) => {
          if (message.type === 'refused') {
            const refusal = message.code;
            const error = refused(refusal, message.message);
            socket.close();
            if (!open) outcome.failed(error, refusal);
            else if (ofOneSocket.includes(refusal)) this.#interrupted(error, refusal);
            else this.#over(error);
          } else if (message.type === 'welcome' || message.type === 'resumed') {
            open = true;
            if (message.type === 'welcome') this.#welcomed(message);
            else this.#resumed(message);
            if (message.type === 'welcome') outcome.welcome(message);
          } else if (message.type === 'waiting') outcome.waiting();
          else if (open) this.#take(message);
        },
        closed: (fault) => {
          if (open) this.#interrupted(fault);
          else outcome.failed(fault ?? refused('closing', 'the connection was closed before we were let in'));
        },
      },
      proxy?.(),
    );
    this.#socket = socket;
    socket.onOpen(() => {
      const message: ClientMessage =
        how === 'join'
          ? { type: 'join', protocol: PROTOCOL, identity: this.#identity, ...introduction() }
          : { type: 'resume', protocol: PROTOCOL, id: this.#id, secret: this.#secret, received: this.#received };
      socket.send(JSON.stringify(message));
    });
  }

  #welcomed({ id, secret }: Welcome): void {
    this.#id = id;
    this.#secret = secret;
    this.#received = 0;
    this.#replay = new ReplayBuffer();
    this.#state = 'connected';
  }

  #resumed({ secret, received }: ServerMessage & { type: 'resumed' }): void {
    this.#secret = secret;
    this.#cancelRetry();
    this.#state = 'connected';
    const missed = this.#replay.after(received);
    for (const text of missed ?? []) this.#socket?.send(text);
    if (missed === undefined) this.#sayAnew(received);
    this.#handlers?.state('connected');
  }

  /** The server has not heard all of us, and we do not know it any more: what holds now is said again. */
  #sayAnew(received: number): void {
    this.#replay = new ReplayBuffer(undefined, received);
    this.#introduceAgain();
    this.#handlers?.forgot();
  }

  #introduceAgain(): void {
    const { userName, tracks, userData } = this.#options.introduction();
    this.send({ type: 'update', userName, tracks, ...(userData !== undefined && { userData }) });
  }

  #take(message: SessionMessage): void {
    this.#received++;
    if (this.#handlers === undefined) this.#early.push(message);
    else this.#handlers.message(message);
  }

  #interrupted(cause: SluiceError | undefined, refusal?: Refusal): void {
    if (this.#state === 'over') return;
    if (cause?.code === 'SLUICE_ROOM_VERSION') return this.#over(cause);
    this.#state = 'interrupted';
    this.#handlers?.state('interrupted');
    this.#comeBack(cause, refusal);
  }

  #comeBack(cause: SluiceError | undefined, refusal: Refusal | undefined): void {
    const { clock } = this.#options;
    const deadline = clock.now() + GIVE_UP_MS;
    this.#delays.begin();
    let how: 'join' | 'resume' = 'resume';
    let last: SluiceError | undefined = cause;

    const again = (why?: Refusal) => {
      if (this.#state === 'over') return;
      if (clock.now() > deadline) return this.#over(lost(last));
      this.#cancelRetry = clock.at(clock.now() + this.#delays.next(why), attempt);
    };
    const attempt = () => {
      let settled = false;
      const once = (next: () => void) => {
        if (settled || this.#state === 'over') return;
        settled = true;
        this.#cancelRetry();
        next();
      };
      this.#attempt(how, {
        welcome: (message) =>
          once(() => {
            // Before anybody hears of it: what they ask then belongs to the new session.
            this.#handlers?.rejoined(message);
            // The server kept us and told everything anew: what we said meanwhile is not there.
            if (how === 'resume') this.#introduceAgain();
            this.#handlers?.state('connected');
          }),
        // A person decides, not a server that is slow.
        waiting: () => {
          this.#cancelRetry();
          this.#cancelRetry = clock.at(clock.now() + ADMISSION_MS, () => once(() => this.#over(lost(last))));
        },
        failed: (error, refusal) =>
          once(() => {
            last = error ?? last;
            if (refusal === 'unknown-session' && how === 'resume') {
              // The server answers, so there is nothing to wait for: once, as a join cannot be unknown.
              how = 'join';
              return attempt();
            }
            if (refusal === 'illegal-order' && how === 'join') how = 'resume';
            else if (error !== undefined && refusal !== undefined && isFinal(refusal)) return this.#over(error);
            else if (refusal === 'unknown-session') how = 'resume';
            else if (refusal !== undefined && !passing.includes(refusal)) return this.#over(lost(error));
            again(refusal);
          }),
      });
      const socket = this.#socket;
      this.#cancelRetry = clock.at(clock.now() + ATTEMPT_MS, () =>
        once(() => {
          socket?.close();
          again();
        }),
      );
    };
    again(refusal);
  }

  #over(error: SluiceError): void {
    if (this.#state === 'over') return;
    this.#dispose();
    this.#handlers?.lost(error);
  }
}

function lost(cause: SluiceError | undefined): SluiceError {
  return new SluiceError('SLUICE_ROOM_LOST', 'the room server did not take us back', { cause, fix: 'Join again' });
}
