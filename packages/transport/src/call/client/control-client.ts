import { limits, type PermissionsUpdate, type RemoteParticipantUpdate, type RoomInfo } from '@sluice/protocol';
import { type Completion, withoutData } from '../completion.ts';
import {
  checkChat,
  checkDtmf,
  checkId,
  checkIds,
  checkParticipantUpdates,
  checkPermissions,
  checkWaitingUpdates,
  type DtmfSettings,
  type WaitingParticipantsUpdate,
} from '../control/check-asks.ts';
import { checkJson } from '../control/check-json.ts';
import type { WaitingParticipant } from '../control/control-events.ts';
import { describeAlone, type Participant, type ParticipantCounts, type Participants } from '../participants.ts';
import { MediaClient } from './media-client.ts';

/** Who is in the call, what is said to them, and what they may. */
export abstract class ControlClient extends MediaClient {
  /** Shown to the others, before joining or in a call: at most 512 bytes of UTF-8 without control characters. */
  setUserName(userName: string): void {
    this.parts.checkAlive();
    this.parts.profile.userName = userName;
    this.parts.call?.session.setUserName(userName);
  }

  /**
   * What this client tells about itself, as `info.userData`, before joining or in a call.
   *
   * @throws TypeError for null, undefined and what JSON does not know; RangeError for more than 4 KiB of JSON.
   */
  setUserData(userData: unknown): void {
    this.parts.checkAlive();
    const { profile } = this.parts;
    profile.userData = userData;
    this.parts.call?.session.setUserData(profile.userData);
  }

  /** `local` and one entry per remote participant who is shown. */
  participants(): Participants {
    this.parts.checkAlive();
    const { userName, userData } = this.parts.profile;
    return this.parts.call?.participants ?? { local: describeAlone(userName, userData) };
  }

  /** Nobody is counted outside of a call. */
  participantCounts(): ParticipantCounts {
    this.parts.checkAlive();
    return this.parts.call?.counts ?? { present: 0, hidden: 0 };
  }

  /** The last one who spoke; null before anybody did. */
  activeSpeaker(): Participant | null {
    this.parts.checkAlive();
    return this.parts.call?.activeSpeaker ?? null;
  }

  /** What the room is, and what it can do beside passing media on; null outside of a call. */
  room(): RoomInfo | null {
    this.parts.checkAlive();
    return this.parts.call?.session.room ?? null;
  }

  /** Those who wait to be let in, by participant id; empty for who may not decide that. */
  waitingParticipants(): Readonly<Record<string, WaitingParticipant>> {
    this.parts.checkAlive();
    const waiting = this.parts.call?.session.waiting ?? [];
    return Object.fromEntries(waiting.map((participant) => [participant.id, participant]));
  }

  /**
   * Lets those who wait in, or turns them away: `{ [id]: { grantRequestedAccess: true } }`, where `*` stands for all.
   *
   * @throws `SLUICE_ROOM_DENIED` without the permission `canAdmin: ['participants']`; `SLUICE_CALL_STATE` outside of a
   * call. What is asked of a room is answered after a break of the signalling too; time limit 10 s, after which it may
   * have been done all the same. All methods that ask a room fail so.
   */
  updateWaitingParticipants(updates: WaitingParticipantsUpdate, completion?: Completion): Promise<void> {
    let named: ReturnType<typeof checkWaitingUpdates> = { admitted: [], refused: [] };
    return this.parts.run({
      name: 'updateWaitingParticipants',
      completion,
      complete: withoutData(completion),
      check: () => {
        named = checkWaitingUpdates(updates, Object.keys(this.waitingParticipants()));
      },
      work: async () => {
        const { admitted, refused } = named;
        const asks: Promise<void>[] = [];
        if (admitted.length > 0) asks.push(this.#admit(admitted, true));
        if (refused.length > 0) asks.push(this.#admit(refused, false));
        await Promise.all(asks);
      },
    });
  }

  /**
   * Changes what others may (`permissions`) and turns their inputs off (`inputsEnabled: { microphone: false }`), for
   * owners and those with `canAdmin: ['participants']`. `true` turns on again what was turned off so; whom nobody turned
   * off is only asked, by the event `inputs-requested`.
   */
  updateRemoteParticipants(
    updates: Readonly<Record<string, RemoteParticipantUpdate>>,
    completion?: Completion,
  ): Promise<void> {
    return this.parts.tell(
      {
        name: 'updateRemoteParticipants',
        capability: 'permissions',
        ask: () => ({ ask: 'update-participants', updates: checkParticipantUpdates(updates) }),
      },
      completion,
    );
  }

  /** Removes others from the room. They are told, with the reason `removed`, and do not come back by themselves. */
  ejectRemoteParticipants(ids: readonly string[], completion?: Completion): Promise<void> {
    return this.parts.tell(
      {
        name: 'ejectRemoteParticipants',
        capability: 'eject',
        ask: () => ({ ask: 'eject', ids: checkIds('ids', ids) }),
      },
      completion,
    );
  }

  /** Changes one's own permissions. What is not named stays; nobody gets more than they may give to others. */
  updatePermissions(permissions: PermissionsUpdate, completion?: Completion): Promise<void> {
    return this.parts.tell(
      {
        name: 'updatePermissions',
        capability: 'permissions',
        ask: () => ({ ask: 'update-permissions', permissions: checkPermissions('permissions', permissions) }),
      },
      completion,
    );
  }

  /**
   * Sends any JSON value but null to one participant or, without an id or with `null` or `*`, to all others, who get it
   * as `app-message`. Resolves when the room has taken it. Messages arrive in the order they were sent. At most 4 KiB of JSON, 10 a
   * second and 20 at once. Before the call is joined up to 64 wait for it, for a minute.
   *
   * @throws TypeError for what JSON does not know; RangeError for what is too long; `SLUICE_ROOM_DENIED` for somebody who
   * is not there, and for more than the room allows.
   */
  sendAppMessage(message: unknown, participantId?: string | null, completion?: Completion): Promise<void> {
    return this.parts.tell(
      {
        name: 'sendAppMessage',
        capability: 'app-messages',
        early: true,
        ask: () => ({
          ask: 'app-message',
          ...(participantId != null && participantId !== '*' && { to: checkId('participantId', participantId) }),
          data: checkJson('message', message, limits.appMessageBytes),
        }),
      },
      completion,
    );
  }

  /** Says a line in the room's chat, 1 byte to 4 KiB, as oneself or under another name. Waits as `sendAppMessage` does. */
  sendPrebuiltChatMessage(message: string, userName?: string | null, completion?: Completion): Promise<void> {
    return this.parts.tell(
      { name: 'sendPrebuiltChatMessage', capability: 'chat', early: true, ask: () => checkChat(message, userName) },
      completion,
    );
  }

  /**
   * Sends digits (`0` to `9`, `A` to `D`, `*`, `#`; `,` and `w` are a pause) to one participant, or to all others without a
   * `sessionId`, who get one `dtmf-event` for each.
   */
  sendDtmf(settings: DtmfSettings, completion?: Completion): Promise<void> {
    return this.parts.tell({ name: 'sendDtmf', capability: 'dtmf', ask: () => checkDtmf(settings) }, completion);
  }

  #admit(ids: string[], admit: boolean): Promise<void> {
    return this.parts.tell(
      {
        name: 'updateWaitingParticipants',
        capability: 'admission',
        ask: () => ({ ask: 'admit', ids, admit }),
      },
      undefined,
    );
  }
}
