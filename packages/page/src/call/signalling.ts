import {
  type ClientMessage,
  createSecret,
  PROTOCOL,
  parseServerMessage,
  type Refusal,
  ReplayBuffer,
  type ServerMessage,
} from '@sluice/protocol';
import { GIVE_UP_MS, retryDelay } from './retry.ts';

export type Welcome = Extract<ServerMessage, { readonly type: 'welcome' }>;
export type SessionMessage = Exclude<ServerMessage, { readonly type: 'welcome' | 'resumed' | 'refused' | 'waiting' }>;

/**
 * A page does not see the server's pings. Where it has heard nothing for this long it asks for something that changes
 * nothing, and takes the socket for dead if no answer comes. Milliseconds.
 */
const QUIET_MS = 3_000;
const DEAD_MS = 6_500;
/** How long the answer has at least, in milliseconds. */
const ANSWER_MS = 2_500;

export interface SignallingHandlers {
  readonly introduction: () => Pick<Extract<ClientMessage, { type: 'join' }>, 'userName' | 'tracks' | 'token'>;
  /** `again`: the server had forgotten us and let us in under the same id. */
  readonly welcome: (welcome: Welcome, again: boolean) => void;
  readonly waiting: () => void;
  readonly message: (message: SessionMessage) => void;
  readonly state: (state: 'connected' | 'interrupted') => void;
  /** Asks something whose answer does not matter. */
  readonly probe: () => void;
  /** Over, and why. */
  readonly closed: (why: Refusal | 'unreachable' | 'lost') => void;
}

/** The conversation with a room server. It outlives its socket: what was said meanwhile is said again, once, in order. */
export class Signalling {
  readonly #url: string;
  readonly #handlers: SignallingHandlers;
  readonly #identity = createSecret();
  #socket: WebSocket | undefined;
  #open = false;
  /** A person decides whether we come in, and takes their time. */
  #waiting = false;
  #over = false;
  #id = '';
  #secret = '';
  #received = 0;
  #replay = new ReplayBuffer();
  #heardAt = 0;
  /** When something was asked for since then. The first look of a page that was asleep, or in the background, comes long after. */
  #probedAt: number | undefined;
  /** When the socket was lost; undefined before the first welcome and while there is one. */
  #lostAt: number | undefined;
  #attempts = 0;
  #how: 'join' | 'resume' = 'join';
  #timer = 0;
  readonly #watch: number;

  /** @param url of the room, `http:` or `https:`. */
  constructor(url: string, handlers: SignallingHandlers) {
    this.#url = url.replace(/^http/, 'ws');
    this.#handlers = handlers;
    this.#watch = window.setInterval(() => this.#look(), 1_000);
    this.#attempt();
  }

  /** Says it now, or as soon as the socket is back. */
  send(message: ClientMessage): void {
    if (this.#over) return;
    const text = JSON.stringify(message);
    this.#replay.push(text, performance.now());
    if (this.#open) this.#socket?.send(text);
  }

  /** Says goodbye. */
  leave(): void {
    if (this.#open) this.send({ type: 'leave' });
    this.#end();
  }

  #attempt(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#waiting = false;
    const mine = () => this.#socket === socket && !this.#over;
    this.#heard();
    socket.onopen = () => {
      if (mine()) socket.send(JSON.stringify(this.#opening()));
    };
    socket.onmessage = ({ data }) => {
      if (mine()) this.#take(String(data));
    };
    socket.onclose = () => {
      if (mine()) this.#lost();
    };
  }

  #opening(): ClientMessage {
    if (this.#how === 'join')
      return { type: 'join', protocol: PROTOCOL, identity: this.#identity, ...this.#handlers.introduction() };
    return { type: 'resume', protocol: PROTOCOL, id: this.#id, secret: this.#secret, received: this.#received };
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#probedAt = undefined;
  }

  #take(text: string): void {
    this.#heard();
    let message: ServerMessage;
    try {
      message = parseServerMessage(text);
    } catch {
      return this.#close('version');
    }
    if (message.type === 'welcome') this.#welcomed(message);
    else if (message.type === 'resumed') this.#resumed(message);
    else if (message.type === 'waiting') this.#waits();
    else if (message.type === 'refused') this.#refused(message.code);
    else {
      this.#received++;
      this.#handlers.message(message);
    }
  }

  #waits(): void {
    this.#waiting = true;
    this.#handlers.waiting();
  }

  #welcomed(welcome: Welcome): void {
    const again = this.#id !== '';
    this.#id = welcome.id;
    this.#secret = welcome.secret;
    this.#received = 0;
    this.#replay = new ReplayBuffer();
    const isKept = this.#how === 'resume';
    this.#connected();
    this.#handlers.welcome(welcome, again);
    // The server kept us and told everything anew: what we said meanwhile is not there.
    if (isKept) this.#introduceAgain();
  }

  #resumed({ secret, received }: Extract<ServerMessage, { type: 'resumed' }>): void {
    this.#secret = secret;
    this.#connected();
    const missed = this.#replay.after(received);
    for (const text of missed ?? []) this.#socket?.send(text);
    if (missed !== undefined) return;
    this.#replay = new ReplayBuffer(undefined, received);
    this.#introduceAgain();
  }

  #introduceAgain(): void {
    const { userName, tracks } = this.#handlers.introduction();
    this.send({ type: 'update', userName, tracks });
  }

  #connected(): void {
    this.#open = true;
    this.#waiting = false;
    this.#how = 'resume';
    this.#attempts = 0;
    if (this.#lostAt !== undefined) this.#handlers.state('connected');
    this.#lostAt = undefined;
  }

  #refused(code: Refusal): void {
    if (this.#lostAt === undefined && !(this.#open && passing(code))) return this.#close(code);
    if (code === 'unknown-session') this.#how = 'join';
    else if (code === 'illegal-order') this.#how = 'resume';
    else if (!passing(code)) return this.#close(code);
    this.#lost();
  }

  #lost(): void {
    this.#socket?.close();
    this.#socket = undefined;
    if (this.#id === '') return this.#close('unreachable');
    this.#open = false;
    if (this.#lostAt === undefined) {
      this.#lostAt = performance.now();
      this.#handlers.state('interrupted');
    }
    if (performance.now() - this.#lostAt > GIVE_UP_MS) return this.#close('lost');
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#attempt(), retryDelay(this.#attempts++));
  }

  #look(): void {
    const now = performance.now();
    const quiet = now - this.#heardAt;
    if (this.#open && quiet > QUIET_MS) {
      this.#probedAt ??= now;
      this.#handlers.probe();
    }
    const unanswered = !this.#open || now - (this.#probedAt ?? now) > ANSWER_MS;
    if (this.#socket !== undefined && !this.#waiting && quiet > DEAD_MS && unanswered) this.#lost();
  }

  #close(why: Refusal | 'unreachable' | 'lost'): void {
    this.#end();
    this.#handlers.closed(why);
  }

  #end(): void {
    this.#over = true;
    this.#open = false;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#socket?.close();
  }
}

/** What a server says that comes back, or has been busy. */
function passing(code: Refusal): boolean {
  return code === 'closing' || code === 'slow-consumer' || code === 'too-late' || code === 'rate' || code === 'busy';
}
