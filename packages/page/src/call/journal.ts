import type { CaptionView, ChatView } from '../ui/call-view.ts';

/** The last lines of the chat that are kept, and how long a caption stands, in milliseconds. */
const CHAT_LINES = 500;
const CAPTION_MS = 6_000;

export type Said = Pick<CaptionView, 'participantId' | 'text' | 'isFinal'>;

/** What was written and said in the room. */
export class Journal {
  chat: readonly ChatView[] = [];
  captions: readonly CaptionView[] = [];
  readonly #changed: () => void;
  readonly #timers = new Map<string, number>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  wrote(line: ChatView): void {
    this.chat = [...this.chat, line].slice(-CHAT_LINES);
  }

  said({ participantId, text, isFinal }: Said, name: string): void {
    const others = this.captions.filter((caption) => caption.participantId !== participantId);
    this.captions = [...others, { participantId, name, text, isFinal }];
    clearTimeout(this.#timers.get(participantId));
    const fade = () => {
      this.captions = this.captions.filter((caption) => caption.participantId !== participantId);
      this.#changed();
    };
    this.#timers.set(participantId, window.setTimeout(fade, CAPTION_MS));
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }
}
