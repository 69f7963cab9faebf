import type { CallState, DeviceKind, InputKind } from '../ui/call-view.ts';
import { Devices } from './devices.ts';
import { LocalMedia } from './local-media.ts';
import type { Sound } from './sound.ts';

/** What is to be off at first. */
export interface Beginning {
  readonly startVideoOff?: boolean | undefined;
  readonly startAudioOff?: boolean | undefined;
}

export interface EquipmentHandlers {
  /** What is on, or its tracks. */
  readonly mediaChanged: () => void;
  /** What there is to choose from. */
  readonly choiceChanged: () => void;
}

/** Microphone, camera, screen and loudspeaker of a person: which they are, and which are on. */
export class Equipment {
  readonly media: LocalMedia;
  readonly #devices: Devices;
  readonly #sound: Sound;
  /** What the person has turned on or off themselves: no wish of a room is above that. */
  readonly #byHand = new Set<InputKind>();
  /** What took the place of a device that ended, and nobody asked for. */
  readonly #replaced = new Set<DeviceKind>();

  constructor(sound: Sound, { mediaChanged, choiceChanged }: EquipmentHandlers) {
    this.#sound = sound;
    this.#devices = new Devices({ changed: choiceChanged, lost: (kind) => void this.#renew(kind) });
    this.media = new LocalMedia({
      changed: mediaChanged,
      opened: () => void this.#devices.look(),
      ended: (kind) => void this.#ended(kind),
      chosen: (kind) => this.#devices.chosen(kind),
    });
  }

  get choices(): CallState['devices'] {
    const [microphone, camera] = [this.#devices.choice('microphone'), this.#devices.choice('camera')];
    return { microphone, camera, loudspeaker: this.#devices.choice('loudspeaker') };
  }

  preview({ startVideoOff, startAudioOff }: Beginning): void {
    this.#byHand.clear();
    if (startAudioOff !== true) void this.media.set('microphone', true);
    if (startVideoOff !== true) void this.media.set('camera', true);
  }

  /** The room says how calls begin in it. */
  begin({ startVideoOff, startAudioOff }: Beginning): void {
    if (startAudioOff === true && !this.#byHand.has('microphone')) void this.media.set('microphone', false);
    if (startVideoOff === true && !this.#byHand.has('camera')) void this.media.set('camera', false);
  }

  async setByHand(kind: InputKind, on: boolean): Promise<void> {
    this.#byHand.add(kind);
    if (kind !== 'screen') this.#replaced.delete(kind);
    await this.media.set(kind, on);
  }

  async choose(kind: DeviceKind, id: string): Promise<void> {
    this.#replaced.delete(kind);
    this.#devices.choose(kind, id);
    await this.#renew(kind);
  }

  /** Uses what was chosen. A loudspeaker that cannot be used leaves the choice to the system. */
  async #renew(kind: DeviceKind): Promise<void> {
    if (kind !== 'loudspeaker') return this.media.renew(kind);
    const id = this.#devices.chosen(kind);
    if (await this.#sound.setSink(id)) return;
    await this.#sound.setSink('');
    if (this.#devices.chosen(kind) === id) this.#devices.choose(kind, '');
  }

  /** Unplugged, or not allowed any more: the system may have another one. One that ends as well is not replaced again. */
  async #ended(kind: 'microphone' | 'camera'): Promise<void> {
    if (this.#replaced.has(kind)) return this.media.set(kind, false);
    this.#replaced.add(kind);
    await this.#devices.look();
    if (this.media.get(kind).track?.readyState === 'ended') await this.media.renew(kind);
  }
}
