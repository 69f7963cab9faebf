// What the page shows of a call, and what can be done in it. The engine behind it is in `../call`; nothing here knows of
// sockets and peer connections.

import type { NoCall } from './words/closed-door.ts';
import type { DeviceFault } from './words/device-words.ts';

export type InputKind = 'microphone' | 'camera' | 'screen';
export const deviceKinds = ['microphone', 'camera', 'loudspeaker'] as const;
export type DeviceKind = (typeof deviceKinds)[number];
export type NetworkQuality = 'good' | 'low' | 'very-low';

/** Something of our own that is sent. */
export interface InputView {
  readonly on: boolean;
  /** What the preview and our own tile show; there as long as the device is used. */
  readonly track: MediaStreamTrack | undefined;
  /** Why it could not be turned on, when that was tried last. */
  readonly fault: DeviceFault | undefined;
  /** Whether the room lets us send it. */
  readonly allowed: boolean;
}

/** What there is to choose from of one kind. */
export interface DeviceChoice {
  /** By the names that the system gives them; empty before the browser was allowed to tell. */
  readonly all: readonly { readonly id: string; readonly label: string }[];
  /** Empty: the system decides. */
  readonly chosen: string;
}

/** A track of somebody else. */
export interface TrackView {
  /** `microphone`, `screenAudio`, `customAudio.<name>`, `camera`, `screenVideo` or `customVideo.<name>`. */
  readonly name: string;
  readonly kind: 'audio' | 'video';
  readonly state: 'off' | 'loading' | 'playable' | 'interrupted';
  /** While it is playable. */
  readonly track: MediaStreamTrack | undefined;
  /** Of a sound, here: 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
}

export interface ParticipantView {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  readonly isOwner: boolean;
  readonly tracks: readonly TrackView[];
  readonly network: NetworkQuality;
}

export interface ChatView {
  readonly from: string;
  readonly name: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface CaptionView {
  readonly participantId: string;
  readonly name: string;
  readonly text: string;
  /** Whether the words may still change. */
  readonly isFinal: boolean;
}

export interface CallState {
  /** `waiting`: somebody has to let us in. `closed`: `why` tells the reason. */
  readonly status: 'idle' | 'joining' | 'waiting' | 'joined' | 'left' | 'closed';
  readonly why: NoCall | undefined;
  /** `interrupted`: the server is not heard, and media goes on as it can. */
  readonly signalling: 'connected' | 'interrupted';
  /** Ourselves; before the welcome without an id. */
  readonly me: { readonly id: string; readonly name: string; readonly isOwner: boolean };
  readonly microphone: InputView;
  readonly camera: InputView;
  readonly screen: InputView;
  /** Undefined: there is no choice in this browser, or on this page. */
  readonly devices: Readonly<Record<DeviceKind, DeviceChoice | undefined>>;
  /** Those who have presence, in the order in which they came. */
  readonly others: readonly ParticipantView[];
  readonly activeSpeaker: string | null;
  readonly network: NetworkQuality;
  readonly chat: readonly ChatView[];
  /** What was said in the last seconds, the newest line of each participant. */
  readonly captions: readonly CaptionView[];
  readonly recording: boolean;
  readonly transcribing: boolean;
  /** Who waits to be let in; empty for who may not decide it. */
  readonly waiting: readonly { readonly id: string; readonly name: string }[];
  /** What we may do to others and in the room. */
  readonly may: {
    readonly control: boolean;
    readonly record: boolean;
    readonly transcribe: boolean;
    readonly chat: boolean;
  };
  /** The browser plays no sound before somebody pressed something. */
  readonly soundBlocked: boolean;
}

/** A call in a page. */
export interface CallView {
  /** Another object after each change. */
  readonly state: CallState;
  subscribe(listener: () => void): () => void;
  /** Opens what the preview shows, except what is to be off at first. What a room says of that holds when it lets us in. */
  preview(wishes: { readonly startVideoOff?: boolean; readonly startAudioOff?: boolean }): void;
  /** Turns an input of ours on or off; before joining as well, for the preview. Never rejects: see `fault`. */
  setInput(kind: InputKind, on: boolean): Promise<void>;
  /** Uses another device, by its id; empty: the system decides. What is on stays on. Never rejects: see `fault`. */
  choose(kind: DeviceKind, id: string): Promise<void>;
  /** Loudness of our microphone in the last moments, in dBFS. */
  level(): number;
  join(name: string): void;
  leave(): void;
  setVolume(participantId: string, track: string, volume: number): void;
  setMuted(participantId: string, track: string, muted: boolean): void;
  sendChat(text: string): void;
  /** Turns the microphone of somebody off. */
  muteRemote(participantId: string): void;
  remove(participantId: string): void;
  admit(participantId: string, admit: boolean): void;
  record(on: boolean): void;
  transcribe(on: boolean): void;
  /** After `soundBlocked`, from the handler of a click. */
  playSound(): void;
}
