import { isSluiceError } from '@sluice/core';
import { type ClientMessage, type Refusal, utf8Bytes } from '@sluice/protocol';
import { readClientMessage } from '../protocol/read-message.ts';
import type { MessageBudget } from './budgets/message-budget.ts';
import type { HubTally } from './hub-counts.ts';
import type { Knock } from './members/lobby.ts';
import type { Member, MemberSocket } from './members/member.ts';
import { RefusalError } from './refusal.ts';
import type { Room } from './room.ts';
import type { TokenGrant } from './room-tokens.ts';

/** What one client's socket reports to. */
export interface HubConnection {
  /** @param bytes What the client's budget was charged for it. */
  message(text: string, bytes?: number): void;
  /** The socket told its client so, and closes. */
  refused(refusal: Refusal): void;
  closed(): void;
}

/** The first message was accepted. Who waits has no budget yet, and is called again when it was let in. */
export type Joined = (budget: MessageBudget | undefined) => void;

/** How somebody enters: by a token's grant, as a service, or by waiting at the door. */
export interface Admission {
  readonly grant: TokenGrant;
  readonly service?: string | undefined;
  readonly waits: boolean;
}

export interface ConnectionInit {
  readonly socket: MemberSocket;
  readonly joined: Joined;
  readonly tally: HubTally;
  readonly admission: (join: Join) => Promise<Admission>;
  /** The room, made if there is none. */
  readonly enter: () => Room;
  readonly existing: () => Room;
  readonly sweep: (room: Room) => void;
}

/** What somebody says who comes in. */
export type Join = ClientMessage & { readonly type: 'join' };

/** Serves one socket from its first message to its last. */
export function openConnection(init: ConnectionInit): HubConnection {
  const { socket, tally } = init;
  let state: 'new' | 'joining' | 'waiting' | 'joined' | 'over' = 'new';
  let room: Room | undefined;
  let member: Member | undefined;
  let knock: Knock | undefined;

  const over = () => {
    state = 'over';
    if (member !== undefined) room?.detach(member, socket);
    if (knock !== undefined) room?.door.unknock(knock);
  };
  const refuse = (error: unknown) => {
    const fault = refusalOf(error);
    socket.refuse(fault.refusal, fault.message);
    over();
  };
  const joinedAs = (one: Member) => {
    member = one;
    state = 'joined';
    init.joined(one.budget);
  };
  const enter = (message: Join, { grant, service, waits }: Admission) => {
    // The socket may have closed while the token was looked at.
    if (state !== 'joining') return;
    // A service comes to a room that is there; it makes none.
    room = service === undefined ? init.enter() : init.existing();
    const { identity, userName, tracks, userData, lease } = message;
    const entrant = {
      identity,
      userName,
      tracks,
      lease,
      grant,
      service,
      ...(userData === undefined ? {} : { userData }),
    };
    try {
      if (!waits) return joinedAs(room.join(entrant, socket));
      const mine: Knock = { init: entrant, socket, admitted: joinedAs };
      room.door.knock(mine);
      knock = mine;
      state = 'waiting';
      init.joined(undefined);
    } finally {
      init.sweep(room);
    }
  };
  const open = async (message: ClientMessage) => {
    state = 'joining';
    if (message.type === 'join' && socket.tryJoin?.() === false)
      throw new RefusalError('rate', 'this address brings too many participants, or one who was refused here');
    if (message.type === 'join') enter(message, await init.admission(message));
    else if (message.type === 'resume') {
      room = init.existing();
      joinedAs(room.resume(message, socket));
    } else throw new RefusalError('illegal-order', `${message.type} is not allowed before joining`);
  };
  const take = (message: ClientMessage, bytes: number) => {
    if (state === 'new') open(message).catch(refuse);
    else if (state === 'joined') room!.receive(member!, message, bytes);
    else if (message.type === 'leave') {
      // Before the welcome: while the token is looked at, or at the door.
      socket.close();
      over();
    } else throw new RefusalError('illegal-order', 'wait for the welcome');
    if (message.type === 'leave') state = 'over';
  };
  return {
    message: (text, bytes = utf8Bytes(text)) => {
      if (state === 'over') return;
      tally.received++;
      try {
        take(readClientMessage(text), bytes);
      } catch (error) {
        refuse(error);
      }
    },
    refused: (refusal) => {
      tally.countRefused(refusal);
      // What it says until it is closed concerns nobody; `closed` does the rest.
      state = 'over';
    },
    closed: over,
  };
}

function refusalOf(error: unknown): RefusalError {
  if (error instanceof RefusalError) return error;
  if (!isSluiceError(error)) return new RefusalError('malformed', 'the message could not be handled');
  return new RefusalError(error.code === 'SLUICE_ROOM_VERSION' ? 'version' : 'malformed', error.message.slice(0, 400));
}
