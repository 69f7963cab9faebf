import type { RecordingStatus, ServerMessage, TranscriptionStatus, WaitingInfo } from '@sluice/protocol';
import type { RoomNews } from '../driver.ts';

type Welcome = ServerMessage & { readonly type: 'welcome' };

/** What runs in a room beside media, and who waits at its door, as the server has told it. */
export class RoomServicesState {
  readonly #recordings = new Map<string, RecordingStatus>();
  readonly #transcriptions = new Map<string, TranscriptionStatus>();
  waiting: readonly WaitingInfo[];

  constructor(welcome: Welcome) {
    this.waiting = welcome.waiting;
    for (const status of welcome.recordings) this.#recordings.set(status.streamId, status);
    for (const status of welcome.transcriptions) this.#transcriptions.set(status.instanceId, status);
  }

  get recordings(): readonly RecordingStatus[] {
    return [...this.#recordings.values()];
  }

  get transcriptions(): readonly TranscriptionStatus[] {
    return [...this.#transcriptions.values()];
  }

  /** Keeps what the news says. */
  take(news: RoomNews): void {
    switch (news.type) {
      case 'recording-started':
      case 'recording-updated':
        this.#recordings.set(news.status.streamId, news.status);
        break;
      case 'recording-stopped':
      case 'recording-error':
        this.#recordings.delete(news.streamId);
        break;
      case 'transcription-started':
      case 'transcription-updated':
        this.#transcriptions.set(news.status.instanceId, news.status);
        break;
      case 'transcription-stopped':
        this.#transcriptions.delete(news.instanceId);
        break;
      case 'waiting-updated':
        this.waiting = news.waiting;
        break;
    }
  }

  /** The news that a server without memory did not tell: what ended with the old one, and what runs on the new one. */
  missed({ recordings, transcriptions, waiting }: Welcome): RoomNews[] {
    const running = new Set([
      ...recordings.map(({ streamId }) => streamId),
      ...transcriptions.map(({ instanceId }) => instanceId),
    ]);
    const news: RoomNews[] = [];
    for (const streamId of this.#recordings.keys())
      if (!running.has(streamId)) news.push({ type: 'recording-stopped', streamId });
    for (const instanceId of this.#transcriptions.keys())
      if (!running.has(instanceId))
        news.push({ type: 'transcription-stopped', instanceId, updatedBy: null, stoppedByError: true });
    for (const status of recordings)
      if (!this.#recordings.has(status.streamId)) news.push({ type: 'recording-started', status });
    for (const status of transcriptions)
      if (!this.#transcriptions.has(status.instanceId)) news.push({ type: 'transcription-started', status });
    return [...news, { type: 'waiting-updated', waiting }];
  }
}
