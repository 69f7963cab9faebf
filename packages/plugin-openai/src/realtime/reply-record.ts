import type { SpeechReplyRequest } from '@sluice/core/voice';

interface SpokenItem {
  readonly id: string;
  audioMs: number;
}

/** What takes from a conversation what nobody heard. */
export type Correction =
  | {
      readonly type: 'conversation.item.truncate';
      readonly item_id: string;
      readonly content_index: 0;
      readonly audio_end_ms: number;
    }
  | { readonly type: 'conversation.item.delete'; readonly item_id: string };

/** A reply at the service: its name there, its items, and how much of them was heard. */
export class ReplyRecord {
  readonly request: SpeechReplyRequest;
  /** The service's name for it. */
  response: string | undefined;
  cancelled = false;
  /** The service makes no more of it. */
  done = false;
  readonly called = new Set<string>();
  readonly #items: SpokenItem[] = [];
  #heardMs: number | undefined;

  constructor(request: SpeechReplyRequest) {
    this.request = request;
  }

  get audioMs(): number {
    return this.#items.reduce((sum, { audioMs }) => sum + audioMs, 0);
  }

  /** An item of the assistant that speaks. */
  item(id: string): void {
    if (!this.#items.some((item) => item.id === id)) this.#items.push({ id, audioMs: 0 });
  }

  sound(id: string, ms: number): void {
    this.item(id);
    this.#items.find((item) => item.id === id)!.audioMs += ms;
  }

  heard(ms: number): void {
    this.#heardMs = ms;
  }

  /** What is to be told the service, once, when it is done: what was not heard is not to be believed said. */
  corrections(): Correction[] {
    if (!this.done || this.#heardMs === undefined) return [];
    let left = this.#heardMs;
    this.#heardMs = undefined;
    const corrections: Correction[] = [];
    for (const { id, audioMs } of this.#items) {
      // Of what it takes for longer than it is, the service complains.
      const end = Math.floor(left);
      left = Math.max(0, left - audioMs);
      if (end >= Math.floor(audioMs) && audioMs > 0) continue;
      if (end <= 0) corrections.push({ type: 'conversation.item.delete', item_id: id });
      else corrections.push({ type: 'conversation.item.truncate', item_id: id, content_index: 0, audio_end_ms: end });
    }
    return corrections;
  }
}
