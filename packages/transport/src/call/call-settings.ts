import type { InputsUpdate } from '@sluice/protocol';
import type { CallEventEmitter } from './call-event-emitter.ts';
import { type InputSettings, type InputSettingsUpdate, initialInputs, updatedInputs } from './send/inputs.ts';
import type { LocalTracks } from './send/local-tracks.ts';
import {
  initialPublishing,
  type PublishingSettings,
  type PublishingSettingsUpdate,
  updatedPublishing,
} from './send/publishing.ts';

type InputName = keyof InputSettings;

/** What owners call the inputs of others. */
const remoteNames = {
  microphone: ['microphone'],
  camera: ['camera'],
  screenShare: ['screenVideo', 'screenAudio'],
} as const satisfies Record<keyof InputsUpdate, readonly InputName[]>;

/** What a client sends, and how: kept from call to call, carried out by its tracks, told by its events. */
export class CallSettings {
  readonly #tracks: LocalTracks;
  readonly #events: CallEventEmitter;
  /** Inputs that somebody else turned off and nobody has touched since. */
  readonly #muted = new Set<InputName>();
  #inputs = initialInputs;
  #publishing = initialPublishing;

  constructor(tracks: LocalTracks, events: CallEventEmitter) {
    this.#tracks = tracks;
    this.#events = events;
  }

  get inputs(): InputSettings {
    return this.#inputs;
  }

  get publishing(): PublishingSettings {
    return this.#publishing;
  }

  updateInputs(update: InputSettingsUpdate): void {
    this.#setInputs(updatedInputs(this.#inputs, update));
    for (const name of Object.keys(update)) this.#muted.delete(name as InputName);
  }

  /**
   * Carries out what somebody else asks of the inputs: turns off what is on, and on again what was turned off so. Returns
   * what is left to ask the application, which alone opens a microphone.
   */
  askedInputs(asked: InputsUpdate): InputsUpdate | undefined {
    const change: Record<string, boolean> = {};
    const requested: Partial<Record<keyof InputsUpdate, boolean>> = {};
    for (const remote of Object.keys(remoteNames) as (keyof InputsUpdate)[]) {
      const on = asked[remote];
      if (on === undefined) continue;
      const names = remoteNames[remote].filter((name) => this.#inputs[name].isEnabled !== on);
      const mine = on ? names.filter((name) => this.#muted.has(name)) : names;
      for (const name of mine) {
        change[name] = on;
        if (on) this.#muted.delete(name);
        else this.#muted.add(name);
      }
      if (on && names.length === remoteNames[remote].length && mine.length === 0) requested[remote] = true;
    }
    if (Object.keys(change).length > 0) this.#setInputs(updatedInputs(this.#inputs, change));
    return Object.keys(requested).length > 0 ? requested : undefined;
  }

  updatePublishing(update: PublishingSettingsUpdate): void {
    this.#setPublishing(updatedPublishing(this.#publishing, update));
  }

  /** Both of `join`, or neither if one is refused. */
  join(settings: { readonly inputs?: InputSettingsUpdate; readonly publishing?: PublishingSettingsUpdate }): void {
    const inputs = updatedInputs(this.#inputs, settings.inputs ?? {}, 'clientSettings.inputs');
    const publishing = updatedPublishing(this.#publishing, settings.publishing ?? {}, 'clientSettings.publishing');
    this.#setInputs(inputs);
    this.#setPublishing(publishing);
    // Nobody of another call turns on what was turned off in the last one.
    this.#muted.clear();
  }

  #setInputs(inputs: InputSettings): void {
    this.#tracks.setInputs(inputs);
    this.#inputs = inputs;
    this.#events.emit('inputs-updated', { inputs });
  }

  #setPublishing(publishing: PublishingSettings): void {
    this.#publishing = publishing;
    this.#tracks.setPublishing(publishing);
    this.#events.emit('publishing-updated', { publishing });
  }
}
