import type { WaitingInfo } from '@sluice/protocol';
import type { SessionMessage, Welcome } from './signalling.ts';

/** What the room does beside passing media on, and who waits in front of it. */
export class Services {
  waiting: readonly WaitingInfo[] = [];
  readonly #recordings = new Set<string>();
  readonly #transcriptions = new Set<string>();

  get recording(): boolean {
    return this.#recordings.size > 0;
  }

  get transcribing(): boolean {
    return this.#transcriptions.size > 0;
  }

  welcomed({ recordings, transcriptions, waiting }: Welcome): void {
    this.#recordings.clear();
    this.#transcriptions.clear();
    for (const { streamId } of recordings) this.#recordings.add(streamId);
    for (const { instanceId } of transcriptions) this.#transcriptions.add(instanceId);
    this.waiting = waiting;
  }

  take(message: SessionMessage): void {
    switch (message.type) {
      case 'recording-started':
        this.#recordings.add(message.status.streamId);
        break;
      case 'recording-stopped':
      case 'recording-error':
        this.#recordings.delete(message.streamId);
        break;
      case 'transcription-started':
        this.#transcriptions.add(message.status.instanceId);
        break;
      case 'transcription-stopped':
        this.#transcriptions.delete(message.instanceId);
        break;
      case 'waiting-updated':
        this.waiting = message.waiting;
        break;
    }
  }
}
