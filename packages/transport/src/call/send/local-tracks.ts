// What this participant sends: inputs, publishing, custom tracks, encodings. Nothing of receiving.

import type { AudioInput } from '../../devices/audio/audio-input.ts';
import type { LocalTrack, RoomSession } from '../../room/driver.ts';
import type { CallDevices } from '../call-devices.ts';
import type { CustomKind } from '../track-name.ts';
import type { InputSettings } from './inputs.ts';
import { offeredTrack, sameTrack, type TrackInput } from './offered-track.ts';
import type { PublishingSettings } from './publishing.ts';
import { SentGlitches } from './sent-glitches.ts';
import { TrackInputs, type TrackWithId } from './track-inputs.ts';

/** What this client offers to a room, worked out from inputs, custom tracks and publishing. */
export class LocalTracks {
  readonly #inputs: TrackInputs;
  /** The devices that are sent right now, by track name. */
  readonly #uses = new Map<string, { readonly input: TrackInput; readonly use: ReturnType<typeof useOf> }>();
  /** Of this call. */
  readonly glitches = new SentGlitches();
  #publishing: PublishingSettings;
  #offered: ReadonlyMap<string, LocalTrack> = new Map();
  #session: RoomSession | undefined;

  constructor(devices: CallDevices, publishing: PublishingSettings) {
    this.#inputs = new TrackInputs(devices);
    this.#publishing = publishing;
  }

  /** What is offered right now, by track name. */
  get offered(): ReadonlyMap<string, LocalTrack> {
    return this.#offered;
  }

  /** Clock time in milliseconds at which somebody was last sent media that can be heard; -Infinity before the first. */
  get lastHeardAt(): number {
    const times = [...this.#uses].map(([name, { input }]) =>
      input.kind === 'audio' && this.#session?.trackListeners(name) === 'heard'
        ? input.device.lastPlayedAt
        : Number.NEGATIVE_INFINITY,
    );
    return Math.max(Number.NEGATIVE_INFINITY, ...times);
  }

  /** What is sent right now and counts for how loud this client is. */
  get heardInputs(): AudioInput[] {
    return [...this.#uses].flatMap(([name, { input }]) =>
      input.kind === 'audio' && this.#offered.get(name)?.ignoreLevel === false ? [input.device] : [],
    );
  }

  /** From now on changes go to this session, which knows of `offered`. */
  attach(session: RoomSession, offered: ReadonlyMap<string, LocalTrack>): void {
    this.#session = session;
    this.#tell(session, offered);
  }

  detach(): void {
    this.#session = undefined;
    for (const { use } of this.#uses.values()) use.close();
    this.#uses.clear();
    this.glitches.clear();
  }

  /** Takes the devices' sources anew: the media engine died and was started again. */
  refresh(): void {
    this.#apply();
  }

  /** Tells the devices who hears or sees them. */
  updateListeners(): void {
    for (const [name, { use }] of this.#uses) use.set(this.#session?.trackListeners(name) ?? 'alone');
  }

  /** Changes nothing if a device is unknown, which it throws. */
  setInputs(inputs: InputSettings): void {
    this.#inputs.set(inputs);
    this.#apply();
  }

  setPublishing(publishing: PublishingSettings): void {
    this.#publishing = publishing;
    this.#apply();
  }

  addCustom(kind: CustomKind, name: string, track: TrackWithId, ignoreLevel = false): void {
    this.#inputs.addCustom(kind, name, track, ignoreLevel);
    this.#apply();
  }

  updateCustom(kind: CustomKind, name: string, track: TrackWithId, ignoreLevel?: boolean): void {
    this.#inputs.updateCustom(kind, name, track, ignoreLevel);
    this.#apply();
  }

  removeCustom(kind: CustomKind, name: string): void {
    this.#inputs.removeCustom(kind, name);
    this.#apply();
  }

  #apply(): void {
    const before = this.#offered;
    const after = new Map<string, LocalTrack>();
    for (const [name, { input, ...state }] of this.#inputs) {
      const track = offeredTrack(name, input, state, this.#publishing);
      if (track !== undefined) after.set(name, track);
    }
    this.#offered = after;
    if (this.#session !== undefined) this.#tell(this.#session, before);
  }

  #tell(session: RoomSession, before: ReadonlyMap<string, LocalTrack>): void {
    for (const name of before.keys()) if (!this.#offered.has(name)) session.unpublish(name);
    for (const [name, track] of this.#offered) if (!sameTrack(before.get(name), track)) session.publish(name, track);
    this.#use();
  }

  #use(): void {
    const sent = new Map([...this.#offered].filter(([, { source }]) => source !== null));
    for (const [name, { input, use }] of this.#uses) {
      if (sent.has(name) && input.device === this.#inputs.get(name)?.device) continue;
      use.close();
      this.#uses.delete(name);
      this.glitches.end(name);
    }
    for (const name of sent.keys()) {
      const input = this.#inputs.get(name);
      if (input === undefined || this.#uses.has(name)) continue;
      this.#uses.set(name, { input, use: useOf(input, () => this.#apply()) });
      this.glitches.begin(name, input.device);
    }
    this.updateListeners();
  }
}

function useOf({ device }: TrackInput, onGone: () => void) {
  return device.use(onGone);
}
