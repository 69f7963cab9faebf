import { type CustomAudioTrackOptions, ignoreLevel } from '../call-client-options.ts';
import type { Completion } from '../completion.ts';
import type { InputSettings, InputSettingsUpdate } from '../send/inputs.ts';
import type { PublishingSettings, PublishingSettingsUpdate } from '../send/publishing.ts';
import type { TrackWithId } from '../send/track-inputs.ts';
import { ReceivingClient } from './receiving-client.ts';

/** What a client sends: inputs, publishing, custom tracks. */
export abstract class MediaClient extends ReceivingClient {
  inputs(): InputSettings {
    this.parts.checkAlive();
    return this.parts.settings.inputs;
  }

  /** Chooses devices and tracks and turns them on or off. What is not named stays as it is. */
  updateInputs(inputs: InputSettingsUpdate, completion?: Completion): Promise<void> {
    return this.parts.update('updateInputs', completion, () => this.parts.settings.updateInputs(inputs));
  }

  publishing(): PublishingSettings {
    this.parts.checkAlive();
    return this.parts.settings.publishing;
  }

  /** Chooses what is sent, and how. What is not named stays as it is. */
  updatePublishing(publishing: PublishingSettingsUpdate, completion?: Completion): Promise<void> {
    return this.parts.update('updatePublishing', completion, () => this.parts.settings.updatePublishing(publishing));
  }

  /** Adds a named track beside the microphone, also before joining, 12 custom tracks in all. Sent unless publishing says otherwise. */
  addCustomAudioTrack(
    trackName: string,
    track: TrackWithId,
    options: CustomAudioTrackOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.parts.update('addCustomAudioTrack', completion, () =>
      this.parts.tracks.addCustom(
        'customAudio',
        trackName,
        track,
        ignoreLevel('addCustomAudioTrack', options) ?? false,
      ),
    );
  }

  /** Puts another track under a name, without a break for those who listen. */
  updateCustomAudioTrack(
    trackName: string,
    track: TrackWithId,
    options: CustomAudioTrackOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.parts.update('updateCustomAudioTrack', completion, () =>
      this.parts.tracks.updateCustom('customAudio', trackName, track, ignoreLevel('updateCustomAudioTrack', options)),
    );
  }

  removeCustomAudioTrack(trackName: string, completion?: Completion): Promise<void> {
    return this.parts.update('removeCustomAudioTrack', completion, () =>
      this.parts.tracks.removeCustom('customAudio', trackName),
    );
  }

  /** Adds a named track beside the camera, also before joining, 12 custom tracks in all. Sent unless publishing says otherwise. */
  addCustomVideoTrack(trackName: string, track: TrackWithId, completion?: Completion): Promise<void> {
    return this.parts.update('addCustomVideoTrack', completion, () =>
      this.parts.tracks.addCustom('customVideo', trackName, track),
    );
  }

  /** Puts another track under a name; those who look see the next picture of it. */
  updateCustomVideoTrack(trackName: string, track: TrackWithId, completion?: Completion): Promise<void> {
    return this.parts.update('updateCustomVideoTrack', completion, () =>
      this.parts.tracks.updateCustom('customVideo', trackName, track),
    );
  }

  removeCustomVideoTrack(trackName: string, completion?: Completion): Promise<void> {
    return this.parts.update('removeCustomVideoTrack', completion, () =>
      this.parts.tracks.removeCustom('customVideo', trackName),
    );
  }
}
