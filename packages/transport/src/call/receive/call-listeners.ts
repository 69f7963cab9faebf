import type { Cancel } from '@sluice/core';
import type { RemoteVoice } from '../../devices/speaker/speaker-hub.ts';
import type { SpeakerVoice, VirtualSpeakerDevice } from '../../devices/speaker/virtual-speaker.ts';

/** Everybody who listens to all that one client receives, each with a speaker of its own, before, in and after calls. */
export class CallListeners {
  readonly #listeners = new Set<VirtualSpeakerDevice>();
  readonly #voices = new Set<HeardVoice>();

  /** A received track that goes to `speaker` and to every listener. */
  open(speaker: RemoteVoice): RemoteVoice {
    const voice = new HeardVoice(speaker, (closed) => this.#voices.delete(closed));
    for (const listener of this.#listeners) voice.add(listener);
    this.#voices.add(voice);
    return voice;
  }

  /** A further listener, which also hears who speaks already. The returned function takes it away and closes it. */
  add(listener: VirtualSpeakerDevice): Cancel {
    this.#listeners.add(listener);
    for (const voice of this.#voices) voice.add(listener);
    return () => {
      this.#listeners.delete(listener);
      for (const voice of this.#voices) voice.remove(listener);
      listener.close();
    };
  }

  /** There will be no more calls. */
  close(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners.clear();
  }
}

class HeardVoice implements RemoteVoice {
  readonly #speaker: RemoteVoice;
  readonly #onClose: (voice: HeardVoice) => void;
  readonly #into = new Map<VirtualSpeakerDevice, SpeakerVoice>();

  constructor(speaker: RemoteVoice, onClose: (voice: HeardVoice) => void) {
    this.#speaker = speaker;
    this.#onClose = onClose;
  }

  add(listener: VirtualSpeakerDevice): void {
    this.#into.set(listener, listener.openVoice());
  }

  remove(listener: VirtualSpeakerDevice): void {
    this.#into.delete(listener);
  }

  /** All share the array; none of them writes into it. */
  push(samples: Int16Array, sampleRate: number, channels: number): void {
    this.#speaker.push(samples, sampleRate, channels);
    for (const voice of this.#into.values()) voice.push(samples, sampleRate, channels);
  }

  close(): void {
    this.#speaker.close();
    for (const voice of this.#into.values()) voice.close();
    this.#into.clear();
    this.#onClose(this);
  }
}
