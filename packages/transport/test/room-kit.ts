import { VirtualClock } from '@sluice/core/testing';
import { type Ask, createSecret, PROTOCOL, type Refusal, type ServerMessage } from '@sluice/protocol';
import { idOfIdentity } from '../src/room/protocol/identity.ts';
import { readServerMessage } from '../src/room/protocol/read-message.ts';
import type { HubConnection } from '../src/room/server/hub-connection.ts';
import { RoomHub, type RoomHubOptions } from '../src/room/server/room-hub.ts';
import type { RoomProperties } from '../src/room/server/room-properties.ts';
import type { TokenGrant } from '../src/room/server/room-tokens.ts';

/** When virtual time begins, in milliseconds since 1970. */
export const EPOCH = Date.parse('2026-01-01T00:00:00.000Z');

type Of<K extends ServerMessage['type']> = Extract<ServerMessage, { readonly type: K }>;

/** A client of a hub without a network: what it was sent, and how it was closed. */
export class FakeClient {
  readonly identity: string;
  readonly id: string;
  readonly sent: ServerMessage[] = [];
  closedBy: Refusal | 'close' | undefined;
  lastHeard: number;
  connection!: HubConnection;
  #asked = 0;

  constructor(now: number, identity = createSecret()) {
    this.lastHeard = now;
    this.identity = identity;
    this.id = idOfIdentity(identity);
  }

  send(text: string): void {
    this.sent.push(readServerMessage(text));
  }

  refuse(refusal: Refusal, message: string): void {
    this.sent.push({ type: 'refused', code: refusal, message });
    this.closedBy = refusal;
    this.connection.refused(refusal);
  }

  close(): void {
    this.closedBy = 'close';
  }

  say(message: object): void {
    this.connection.message(JSON.stringify(message));
  }

  /** Returns what was answered so far: `granted` or a denial. */
  ask(ask: Ask): () => string | undefined {
    const number = ++this.#asked;
    this.say({ type: 'ask', number, ask });
    return () => {
      const answer = this.sent.find(
        (message) => (message.type === 'granted' || message.type === 'denied') && message.number === number,
      );
      return answer?.type === 'denied' ? answer.code : answer?.type;
    };
  }

  drop(): void {
    this.closedBy = 'close';
    this.connection.closed();
  }

  of<K extends ServerMessage['type']>(type: K): Of<K>[] {
    return this.sent.filter((message) => message.type === type) as Of<K>[];
  }

  get welcome(): Of<'welcome'> {
    return this.of('welcome')[0]!;
  }

  /** What was last told of a participant. */
  sees(id: string) {
    let last = this.welcome.participants.find((one) => one.id === id);
    if (id === this.id) last = this.welcome.you;
    for (const message of this.sent) {
      if ('participant' in message && message.participant.id === id) last = message.participant;
      if (message.type === 'participant-left' && message.id === id) last = undefined;
    }
    return last;
  }
}

export interface JoinOptions {
  readonly room?: string;
  readonly grant?: TokenGrant;
  readonly identity?: string;
  readonly tracks?: readonly string[];
  readonly userName?: string;
  readonly lease?: { readonly job: string; readonly revision: number; readonly standby?: true };
}

export const track = (name: string, enabled = true) => ({ name, enabled, continuous: enabled, ignoreLevel: false });

/** A hub in virtual time. A token is whatever `join` is given as a grant. */
export function createRoomKit(
  properties: RoomProperties = {},
  options: Partial<RoomHubOptions> = {},
  clock = new VirtualClock(),
) {
  const rooms = new Map<string, RoomProperties>([['hello', properties]]);
  const grants = new Map<string, TokenGrant>();
  const hub = new RoomHub({
    clock,
    wallClock: () => EPOCH + clock.now(),
    loopback: true,
    maxParticipants: 64,
    maxRooms: 10,
    directory: { find: (name) => rooms.get(name) },
    tokens: (token) => (token === undefined ? {} : (grants.get(token) ?? null)),
    roomUrl: (room) => `http://127.0.0.1:1/${room}`,
    ...options,
  });
  const connect = (identity?: string, room = 'hello') => {
    const client = new FakeClient(clock.now(), identity);
    client.connection = hub.connect(room, client, () => {});
    return client;
  };
  const tokenOf = (grant: TokenGrant) => {
    const token = createSecret();
    grants.set(token, grant);
    return token;
  };
  /** With a token as it is. */
  const enter = async (token: string | undefined, join: JoinOptions = {}) => {
    const { identity, room, tracks = [], userName = 'Ada', lease } = join;
    const client = connect(identity, room);
    client.say({
      type: 'join',
      protocol: PROTOCOL,
      identity: client.identity,
      userName,
      tracks: tracks.map((name) => track(name)),
      ...(token === undefined ? {} : { token }),
      ...(lease === undefined ? {} : { lease }),
    });
    await clock.settle();
    return client;
  };
  const join = (options: JoinOptions = {}) =>
    enter(options.grant === undefined ? undefined : tokenOf(options.grant), options);
  const resume = async (from: FakeClient, secret = from.welcome.secret, received = 0) => {
    const client = connect(from.identity);
    client.say({ type: 'resume', protocol: PROTOCOL, id: from.id, secret, received });
    await clock.settle();
    return client;
  };
  const owner = () => join({ grant: { isOwner: true } });
  return { clock, hub, rooms, connect, tokenOf, enter, join, resume, owner };
}
