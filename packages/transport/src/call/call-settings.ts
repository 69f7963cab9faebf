import type { CallEventEmitter } from './call-event-emitter.ts';
import { type InputSettings, type InputSettingsUpdate, initialInputs, updatedInputs } from './send/inputs.ts';
import type { LocalTracks } from './send/local-tracks.ts';
import {
  initialPublishing,
  type PublishingSettings,
  type PublishingSettingsUpdate,
  updatedPublishing,
} from './send/publishing.ts';

/** What a client sends, and how: kept from call to call, carried out by its tracks, told by its events. */
export class CallSettings {
  readonly #tracks: LocalTracks;
  readonly #events: CallEventEmitter;
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
