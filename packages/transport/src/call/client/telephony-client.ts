import type { RoomCapability } from '../../room/driver.ts';
import { type Completion, type DataCompletion, withoutData } from '../completion.ts';
import { lacksCapability } from '../control/capability.ts';
import { ServiceClient, type StreamOptions } from './service-client.ts';

/** Settings as Daily has them; no room of this release reads them. */
export type TelephonySettings = Readonly<Record<string, unknown>>;

/** Which live stream is begun, and how. */
export interface StartLiveStreamOptions extends StreamOptions {
  /** Where the stream goes and how it looks, as servers with this capability have it. */
  readonly streamingSettings?: TelephonySettings;
  /** Begins another one where one runs under this id. Default false. */
  readonly forceNew?: boolean;
}

/**
 * Live streams and telephony, by the names they have elsewhere. They need another kind of server: in rooms without the
 * capability each of them fails with `SLUICE_CALL_CAPABILITY`, which says what to do in its place, and embedded rooms are
 * without.
 */
export abstract class TelephonyClient extends ServiceClient {
  /** Needs `live-streaming`. */
  startLiveStreamWithEndpoints(
    _endpoints: readonly string[],
    _options: StartLiveStreamOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.#refuse('startLiveStreamWithEndpoints', 'live-streaming', completion);
  }

  /** Needs `live-streaming`. */
  startLiveStreamWithRtmpUrls(
    _rtmpUrls: readonly string[],
    _options: StartLiveStreamOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.#refuse('startLiveStreamWithRtmpUrls', 'live-streaming', completion);
  }

  /** Needs `live-streaming`. */
  stopLiveStream(_options: StreamOptions = {}, completion?: Completion): Promise<void> {
    return this.#refuse('stopLiveStream', 'live-streaming', completion);
  }

  /** Needs `live-streaming`. */
  updateLiveStream(
    _updateSettings: TelephonySettings,
    _options: StreamOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.#refuse('updateLiveStream', 'live-streaming', completion);
  }

  /** Needs `live-streaming`. */
  addLiveStreamingEndpoints(
    _endpoints: readonly string[],
    _options: StreamOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.#refuse('addLiveStreamingEndpoints', 'live-streaming', completion);
  }

  /** Needs `live-streaming`. */
  removeLiveStreamingEndpoints(
    _endpoints: readonly string[],
    _options: StreamOptions = {},
    completion?: Completion,
  ): Promise<void> {
    return this.#refuse('removeLiveStreamingEndpoints', 'live-streaming', completion);
  }

  /** Needs `sip` for a `sipUri`, `pstn` for a `phoneNumber`. */
  startDialout(settings: TelephonySettings, completion?: DataCompletion<string>): Promise<string> {
    const capability = settings !== null && typeof settings === 'object' && 'sipUri' in settings ? 'sip' : 'pstn';
    return this.parts.run<string>({
      name: 'startDialout',
      completion,
      complete: completion,
      work: async () => this.#fail('startDialout', capability),
    });
  }

  /** Needs `pstn`. */
  stopDialout(_participantId: string, completion?: Completion): Promise<void> {
    return this.#refuse('stopDialout', 'pstn', completion);
  }

  /** Needs `sip`. */
  sipCallTransfer(_settings: TelephonySettings, completion?: Completion): Promise<void> {
    return this.#refuse('sipCallTransfer', 'sip', completion);
  }

  /** Needs `sip`. */
  sipRefer(_settings: TelephonySettings, completion?: Completion): Promise<void> {
    return this.#refuse('sipRefer', 'sip', completion);
  }

  #refuse(name: string, capability: RoomCapability, completion: Completion | undefined): Promise<void> {
    return this.parts.run<void>({
      name,
      completion,
      complete: withoutData(completion),
      work: async () => this.#fail(name, capability),
    });
  }

  #fail(name: string, capability: RoomCapability): never {
    throw lacksCapability(name, capability, this.parts.lifecycle.joinedCall(name).capabilities);
  }
}
