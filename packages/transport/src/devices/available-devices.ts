import { Listeners } from '../host/listeners.ts';

/** A device as web pages list it. */
export interface AvailableDevice {
  /** What inputs and `selectSpeakerDevice` take: the name. */
  readonly deviceId: string;
  /** Empty: no two virtual devices are of one piece of hardware. */
  readonly groupId: string;
  /** As the web names kinds of devices. */
  readonly kind: 'audioinput' | 'audiooutput' | 'videoinput';
  /** The name. */
  readonly label: string;
}

/** The devices of the process, in the order they were made. */
export interface AvailableDevices {
  /** Microphones, then speakers. */
  readonly audio: readonly AvailableDevice[];
  /** Virtual cameras. */
  readonly camera: readonly AvailableDevice[];
  /** Virtual microphones. */
  readonly microphone: readonly AvailableDevice[];
  /** Virtual speakers. */
  readonly speaker: readonly AvailableDevice[];
}

interface Named {
  readonly name: string;
}

/** Told whenever a device is made or destroyed, from one `Daily.init` to the next. */
export const deviceChanges = new Listeners<AvailableDevices>();

export function availableDevices(
  microphones: readonly Named[],
  speakers: readonly Named[],
  cameras: readonly Named[],
): AvailableDevices {
  const microphone = microphones.map(({ name }) => describe('audioinput', name));
  const speaker = speakers.map(({ name }) => describe('audiooutput', name));
  const camera = cameras.map(({ name }) => describe('videoinput', name));
  return { audio: [...microphone, ...speaker], camera, microphone, speaker };
}

export const noDevices = availableDevices([], [], []);

function describe(kind: AvailableDevice['kind'], name: string): AvailableDevice {
  return { deviceId: name, groupId: '', kind, label: name };
}
