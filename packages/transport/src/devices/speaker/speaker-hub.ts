import type { Cancel } from '@sluice/core';
import { Listeners } from '../../host/listeners.ts';
import type { SpeakerVoice, VirtualSpeakerDevice } from './virtual-speaker.ts';

/** A remote track as the speakers hear it. */
export interface RemoteVoice {
  /** 10 ms or more, interleaved, in any format. The array is the hub's from then on. */
  push(samples: Int16Array, sampleRate: number, channels: number): void;
  close(): void;
}

/** Brings what clients receive to the selected speaker. */
export class SpeakerHub {
  readonly #voices = new Set<Voice>();
  readonly #wanted = new Listeners<boolean>();
  #selected: VirtualSpeakerDevice | undefined;

  get selected(): VirtualSpeakerDevice | undefined {
    return this.#selected;
  }

  /** Whether a speaker is selected, told at once and on change. */
  onWanted(listener: (wanted: boolean) => void): Cancel {
    listener(this.#selected !== undefined);
    return this.#wanted.add(listener);
  }

  open(): RemoteVoice {
    const voice = new Voice((closed) => this.#voices.delete(closed));
    this.#voices.add(voice);
    voice.connect(this.#selected);
    return voice;
  }

  select(device: VirtualSpeakerDevice): void {
    if (device === this.#selected) return;
    this.#change(device);
  }

  /** Does nothing unless the device is the selected one. */
  deselect(device: VirtualSpeakerDevice): void {
    if (device === this.#selected) this.#change(undefined);
  }

  #change(device: VirtualSpeakerDevice | undefined): void {
    const before = this.#selected !== undefined;
    this.#selected?.setActive(false);
    device?.setActive(true);
    this.#selected = device;
    for (const voice of this.#voices) voice.connect(device);
    if (before !== (device !== undefined)) this.#wanted.emit(device !== undefined);
  }
}

class Voice implements RemoteVoice {
  readonly #onClose: (voice: Voice) => void;
  #into: SpeakerVoice | undefined;

  constructor(onClose: (voice: Voice) => void) {
    this.#onClose = onClose;
  }

  connect(device: VirtualSpeakerDevice | undefined): void {
    this.#into?.close();
    this.#into = device?.openVoice();
  }

  push(samples: Int16Array, sampleRate: number, channels: number): void {
    this.#into?.push(samples, sampleRate, channels);
  }

  close(): void {
    this.#into?.close();
    this.#into = undefined;
    this.#onClose(this);
  }
}
