import type { BotContext } from './bot.ts';

/** What a bot shows its rooms, and what they wait for: that it begins. */
export class BotLease {
  /** For the bot: a plain object, so that a copy of it is as good. */
  readonly shown: BotContext['lease'];
  readonly #takes: (() => Promise<void>)[] = [];
  #begun = false;

  /** @param failed Of rooms that are entered later: a place in them could not be taken. */
  constructor(job: string, revision: number, failed: (error: unknown) => void) {
    this.shown = {
      job,
      revision,
      onBegin: (take) => {
        if (this.#begun) take().catch(failed);
        else this.#takes.push(take);
      },
    };
  }

  /** Takes the bot's places. Resolves when nobody of its job is in a room of it any more. */
  async begin(): Promise<void> {
    this.#begun = true;
    await Promise.all(this.#takes.splice(0).map((take) => take()));
  }
}
