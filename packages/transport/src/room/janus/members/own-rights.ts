import {
  type Ask,
  limits,
  type Permissions,
  type PermissionsUpdate,
  type RemoteParticipantUpdate,
  type RoomParticipantInfo,
  remoteParticipantUpdate,
  utf8Bytes,
} from '@sluice/protocol';
import * as v from 'valibot';
import type { RoomNews, RoomParticipant } from '../../driver.ts';
import { announced, type LocalParticipant } from '../../session/local-participant.ts';
import { grantedPermissions } from '../../session/permission-rules.ts';
import { RemoteMutes } from '../../session/remote-mutes.ts';
import { denied } from './own-card.ts';
import type { Roster } from './roster.ts';

type Updates = Extract<Ask, { readonly ask: 'update-participants' }>['updates'];

const told = v.record(v.string(), remoteParticipantUpdate);

export interface OwnRightsOptions {
  readonly local: LocalParticipant;
  readonly roster: Roster;
  readonly now: () => number;
  readonly tell: (news: RoomNews) => void;
  /** We may something else than before, or an input of ours was turned off. */
  readonly changed: () => void;
}

/** What we may, by what others say who may say so: there is no server that would know, so that each keeps to it by itself. */
export class OwnRights {
  readonly #options: OwnRightsOptions;
  readonly #mutes = new RemoteMutes();

  constructor(options: OwnRightsOptions) {
    this.#options = options;
  }

  /**
   * Looks whether we may ask that of the others. All of what is asked for, or nothing.
   *
   * @throws `SLUICE_ROOM_DENIED`
   */
  check(updates: Updates): void {
    const { local, roster } = this.#options;
    const asked = 'update-participants';
    if (!local.info.permissions.canAdmin.includes('participants'))
      throw denied(asked, 'not-allowed', 'this needs canAdmin participants, which comes with the secret of the room');
    for (const [id, { permissions }] of Object.entries(updates)) {
      const to = id === local.info.id ? local.info : roster.get(id);
      if (to === undefined) throw denied(asked, 'unknown-participant', `nobody here is ${id}`);
      this.#granted(asked, local.info, to, permissions ?? {});
    }
  }

  /** @throws `SLUICE_ROOM_DENIED` for more than we may give to others. */
  updateOwn(permissions: PermissionsUpdate): void {
    const { info } = this.#options.local;
    this.#apply({ permissions: this.#granted('update-permissions', info, info, permissions) });
  }

  /** Somebody, who may be ourselves, asks it of us. What it may not ask is passed over. */
  take(from: RoomParticipant, data: unknown): void {
    const { info } = this.#options.local;
    const result = v.safeParse(told, data);
    const update = result.success ? result.output[info.id] : undefined;
    if (update === undefined || !from.permissions.canAdmin.includes('participants')) return;
    try {
      this.#follow(from, update);
    } catch {
      // Its client would have been told the same.
    }
  }

  /** Our tracks as the others are to see them. */
  announce(tracks: RoomParticipantInfo['tracks']): void {
    const { local, now } = this.#options;
    this.#mutes.announced(tracks, now());
    local.told({ ...local.info, mutedRemotely: this.#mutes.names });
    local.say({ tracks: [...this.#mutes.apply(tracks)] });
  }

  #follow(from: RoomParticipant, { permissions, inputsEnabled: inputs }: RemoteParticipantUpdate): void {
    const { local, now, tell } = this.#options;
    const next = this.#granted('update-participants', from, local.info, permissions ?? {});
    const muted = inputs !== undefined && this.#mutes.mute(inputs, local.info.tracks, now());
    if (permissions !== undefined || muted) this.#apply({ permissions: next, mutedRemotely: this.#mutes.names });
    if (inputs !== undefined) tell({ type: 'inputs-asked', by: from.id, inputs });
  }

  #granted(asked: string, by: RoomParticipant, to: RoomParticipant, update: PermissionsUpdate): Permissions {
    const { local, roster } = this.#options;
    const granted = grantedPermissions(by, to, update, [local.info, ...roster.participants.values()]);
    if ('denial' in granted) throw denied(asked, granted.denial, granted.why);
    // They stand in a card beside all else.
    if (utf8Bytes(JSON.stringify(granted)) > limits.permissionsBytes)
      throw denied(asked, 'rate', `permissions take ${limits.permissionsBytes} bytes at most`);
    return granted;
  }

  #apply(change: Partial<Pick<RoomParticipantInfo, 'permissions' | 'mutedRemotely'>>): void {
    const { local, changed } = this.#options;
    local.told({ ...local.info, ...change });
    local.say({ tracks: [...this.#mutes.apply(announced(local.tracks))] });
    changed();
  }
}
