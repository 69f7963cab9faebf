import type { RoomNews } from '../room/driver.ts';
import type { CallEventEmitter } from './call-event-emitter.ts';
import type { WaitingParticipant } from './control/control-events.ts';

export interface RoomNewsOptions {
  readonly events: CallEventEmitter;
  readonly onInputs: (news: RoomNews & { readonly type: 'inputs-asked' }) => void;
}

/** Tells what the room says beside participants and media as events of the call. */
export class RoomNewsTeller {
  readonly #options: RoomNewsOptions;
  #waiting: ReadonlyMap<string, WaitingParticipant> = new Map();

  constructor(options: RoomNewsOptions) {
    this.#options = options;
  }

  tell(news: RoomNews): void {
    const { events } = this.#options;
    switch (news.type) {
      case 'app-message':
        return events.emit('app-message', { message: news.data, from: news.from });
      case 'chat': {
        const { from, userName, text, at } = news;
        return events.emit('chat-message', { from, userName, text, at });
      }
      case 'dtmf':
        return events.emit('dtmf-event', { sessionId: news.from, tone: news.tone, durationMs: news.durationMs });
      case 'inputs-asked':
        return this.#options.onInputs(news);
      case 'waiting-updated':
        return this.waiting(news.waiting);
      case 'recording-started':
      case 'recording-updated':
        return events.emit(news.type, { status: news.status });
      case 'recording-stopped':
        return events.emit('recording-stopped', { streamId: news.streamId });
      case 'recording-error':
        return events.emit('recording-error', { streamId: news.streamId, message: news.message });
      case 'transcription-started':
        return events.emit('transcription-started', { status: news.status });
      case 'transcription-updated': {
        const { instanceId, participants = null } = news.status;
        return events.emit('transcription-updated', { participants, instanceId, updatedBy: news.updatedBy });
      }
      case 'transcription-stopped': {
        const { instanceId, updatedBy, stoppedByError } = news;
        return events.emit('transcription-stopped', { instanceId, updatedBy, stoppedByError });
      }
      case 'transcription-error':
        return events.emit('transcription-error', { instanceId: news.instanceId, message: news.message });
      case 'transcription-message':
        return events.emit('transcription-message', news.message);
    }
  }

  /** Everybody who waits now. */
  waiting(waiting: readonly WaitingParticipant[]): void {
    const { events } = this.#options;
    const before = this.#waiting;
    this.#waiting = new Map(waiting.map((participant) => [participant.id, participant]));
    for (const [id, participant] of before)
      if (!this.#waiting.has(id)) events.emit('waiting-participant-removed', { participant });
    for (const [id, participant] of this.#waiting) {
      const known = before.get(id);
      if (known === undefined) events.emit('waiting-participant-added', { participant });
      else if (known.userName !== participant.userName || known.userId !== participant.userId)
        events.emit('waiting-participant-updated', { participant });
    }
  }
}
