// The call of a page: devices, sound and one stay in a room after the other.
// Knows no element of the page but those that play sound.

import { type Ask, asLine } from '@sluice/protocol';
import type { CallState, CallView, DeviceKind, InputKind } from '../ui/call-view.ts';
import type { NoCall } from '../ui/words/closed-door.ts';
import { callState } from './call-state.ts';
import { type Beginning, Equipment } from './equipment.ts';
import { type AskedInputs, Meeting } from './meeting.ts';
import { heard, soundKey } from './participant-view.ts';
import { allowsInput } from './sending.ts';
import { Sound } from './sound.ts';

const inputKinds: readonly InputKind[] = ['microphone', 'camera', 'screen'];

export interface PageCallOptions {
  /** Of the room, as programs join it. */
  readonly url: string;
  readonly token: string | undefined;
}

/** A call with a room of `startRoomServer`, held by this page. */
export class PageCall implements CallView {
  state: CallState;
  readonly #options: PageCallOptions;
  readonly #listeners = new Set<() => void>();
  readonly #sound = new Sound(() => this.#change());
  readonly #equipment = new Equipment(this.#sound, {
    mediaChanged: () => this.#mediaChanged(),
    choiceChanged: () => this.#change(),
  });
  readonly #media = this.#equipment.media;
  #status: CallState['status'] = 'idle';
  #why: NoCall | undefined;
  #name = '';
  #meeting: Meeting | undefined;
  #pending = false;

  constructor(options: PageCallOptions) {
    this.#options = options;
    this.state = this.#describe();
    // A page that goes away says so, or it would stand in the room for some seconds.
    addEventListener('pagehide', () => this.leave());
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  preview(wishes: Beginning): void {
    this.#equipment.preview(wishes);
  }

  async setInput(kind: InputKind, on: boolean): Promise<void> {
    if (!on || allowsInput(this.#meeting?.permissions, kind)) await this.#equipment.setByHand(kind, on);
  }

  choose(kind: DeviceKind, id: string): Promise<void> {
    return this.#equipment.choose(kind, id);
  }

  level(): number {
    return this.#media.level();
  }

  join(name: string): void {
    if (this.#meeting !== undefined) return;
    if (typeof RTCPeerConnection === 'undefined') return this.#closed('no-webrtc');
    this.#name = asLine(name);
    this.#status = 'joining';
    this.#why = undefined;
    this.#meeting = new Meeting(
      { ...this.#options, name: this.#name, tracks: () => this.#media.tracks },
      {
        changed: () => this.#change(),
        waiting: () => this.#setStatus('waiting'),
        begun: (info) => this.#equipment.begin(info),
        joined: () => this.#setStatus('joined'),
        permitted: () => this.#obey(),
        inputsAsked: (inputs) => this.#mutedBySomebody(inputs),
        closed: (why) => this.#closed(why),
      },
    );
    this.#change();
  }

  leave(): void {
    if (this.#meeting === undefined) return;
    this.#meeting.leave();
    this.#end();
    this.#setStatus('left');
  }

  setVolume(participantId: string, track: string, volume: number): void {
    this.#sound.set(soundKey(participantId, track), { volume });
    this.#change();
  }

  setMuted(participantId: string, track: string, muted: boolean): void {
    this.#sound.set(soundKey(participantId, track), { muted });
    this.#change();
  }

  sendChat(text: string): void {
    void this.#meeting?.chat(text);
  }

  muteRemote(participantId: string): void {
    const updates = { [participantId]: { inputsEnabled: { microphone: false } } };
    this.#ask({ ask: 'update-participants', updates });
  }

  remove(participantId: string): void {
    this.#ask({ ask: 'eject', ids: [participantId] });
  }

  admit(participantId: string, admit: boolean): void {
    this.#ask({ ask: 'admit', ids: [participantId], admit });
  }

  record(on: boolean): void {
    this.#ask(on ? { ask: 'start-recording' } : { ask: 'stop-recording' });
  }

  transcribe(on: boolean): void {
    this.#ask(on ? { ask: 'start-transcription' } : { ask: 'stop-transcription' });
  }

  playSound(): void {
    this.#sound.unblock();
  }

  #ask(ask: Ask): void {
    void this.#meeting?.asks.ask(ask);
  }

  /** Off at once; on only by the person's own hand. */
  #mutedBySomebody({ microphone, camera, screenShare }: AskedInputs): void {
    if (microphone === false) void this.#media.set('microphone', false);
    if (camera === false) void this.#media.set('camera', false);
    if (screenShare === false) void this.#media.set('screen', false);
  }

  /** What the room does not let us send goes off, the light of the camera too. */
  #obey(): void {
    const permissions = this.#meeting?.permissions;
    for (const kind of inputKinds)
      if (this.#media.get(kind).on && !allowsInput(permissions, kind)) void this.#media.set(kind, false);
    this.#mediaChanged();
  }

  #mediaChanged(): void {
    this.#meeting?.tracksChanged();
    this.#change();
  }

  #closed(why: NoCall): void {
    this.#why = why;
    this.#end();
    this.#setStatus('closed');
  }

  /** Devices stay as they are, for another try; what belongs to the stay is given back. */
  #end(): void {
    if (this.#status === 'joined') this.#media.close();
    this.#meeting?.close();
    this.#meeting = undefined;
    this.#sound.play(new Map());
  }

  #setStatus(status: CallState['status']): void {
    this.#status = status;
    this.#change();
  }

  /** Many changes of one moment are told once. */
  #change(): void {
    if (this.#pending) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      this.#sound.play(heard(this.#meeting?.room?.peers ?? []));
      this.state = this.#describe();
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #describe(): CallState {
    return callState({
      status: this.#status,
      why: this.#why,
      name: this.#name,
      equipment: this.#equipment,
      sound: this.#sound,
      meeting: this.#meeting,
    });
  }
}
