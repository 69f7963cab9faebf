import type { RecordingSettings, RecordingStatus, TranscriptionSettings, TranscriptionStatus } from '@sluice/protocol';
import type { RoomProperties } from '../room-properties.ts';
import type { TokenGrant } from '../room-tokens.ts';
import {
  createRecordings,
  createTranscriptions,
  type RoomServicesOptions,
  recordingStatus,
  transcriptionStatus,
} from './room-service-runs.ts';
import type { ServiceEntries } from './service-entries.ts';
import type { ServiceRuns } from './service-runs.ts';

export interface ServicesOfRoomOptions extends Omit<RoomServicesOptions, 'enter'> {
  readonly room: string;
  /** Where a service finds it. */
  readonly url: string;
  readonly entries: ServiceEntries;
  readonly properties: () => RoomProperties;
  /** Removes the members that entered as this service. */
  readonly eject: (service: string) => void;
}

/** What records and transcribes one room. */
export class ServicesOfRoom {
  readonly #properties: () => RoomProperties;
  readonly #open = new Set<string>();
  readonly #recordings: ServiceRuns<RecordingSettings> | undefined;
  readonly #transcriptions: ServiceRuns<TranscriptionSettings> | undefined;

  constructor(options: ServicesOfRoomOptions) {
    const { room, url, entries, eject } = options;
    const enter = () => {
      const { token, service, close } = entries.open(room);
      this.#open.add(service);
      const leave = () => {
        this.#open.delete(service);
        close();
        eject(service);
      };
      return { entry: { url, token, room }, close: leave };
    };
    this.#properties = options.properties;
    this.#recordings = createRecordings({ ...options, enter });
    this.#transcriptions = createTranscriptions({ ...options, enter });
  }

  /** Whether a service works for this meeting. */
  has(service: string): boolean {
    return this.#open.has(service);
  }

  /** Undefined where the server cannot record, or the room does not allow it. */
  get recordings(): ServiceRuns<RecordingSettings> | undefined {
    return this.#properties().recording === false ? undefined : this.#recordings;
  }

  get transcriptions(): ServiceRuns<TranscriptionSettings> | undefined {
    return this.#properties().transcription === false ? undefined : this.#transcriptions;
  }

  /** What runs. */
  get statuses(): { recordings: RecordingStatus[]; transcriptions: TranscriptionStatus[] } {
    return {
      recordings: this.#recordings?.running.map(recordingStatus) ?? [],
      transcriptions: this.#transcriptions?.running.map(transcriptionStatus) ?? [],
    };
  }

  /** Begins the recording that a room, or a token, wants when somebody has come. That it failed is told to everybody. */
  joined(id: string, { startRecording }: TokenGrant, shown: number): void {
    if (this.#properties().recordFromStart === true && shown === 1) this.#record(null);
    else if (startRecording === true) this.#record(id);
  }

  /** Resolves when everything is written. */
  async endAll(): Promise<void> {
    await Promise.all([this.#recordings?.endAll(), this.#transcriptions?.endAll()]);
  }

  #record(startedBy: string | null): void {
    const { recordings } = this;
    if (recordings === undefined || recordings.running.length > 0) return;
    recordings.start(undefined, startedBy, {}).catch(() => {});
  }
}
