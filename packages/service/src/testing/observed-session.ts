import { setImmediate as turn } from 'node:timers/promises';
import { toError } from '@sluice/core';
import type { OpenOptions, VoiceKind, VoiceModel, VoiceSession } from '@sluice/core/voice';

/** A session of a model, and all that it tells. Closing it is the caller's; `await using` does. */
export class ObservedSession<Item, Event extends { readonly type: string }, Settings extends object = object>
  implements AsyncDisposable
{
  readonly session: VoiceSession<Item, Event, Settings>;
  /** What was told so far, in order. */
  readonly events: Event[] = [];
  /** Resolves when nothing more is told, with why it ended; undefined where somebody closed it. */
  readonly ended: Promise<Error | undefined>;

  /** Opens a session. @throws VoiceError when it does not open */
  static async open<Item, Event extends { readonly type: string }, Settings extends object>(
    model: VoiceModel<VoiceKind, Item, Event, Settings>,
    options: OpenOptions<Settings> = {},
  ): Promise<ObservedSession<Item, Event, Settings>> {
    return new ObservedSession(await model.open(options));
  }

  private constructor(session: VoiceSession<Item, Event, Settings>) {
    this.session = session;
    this.ended = this.#read();
  }

  /** What was told of one type. */
  of<T extends Event['type']>(type: T): Extract<Event, { readonly type: T }>[] {
    return this.events.filter((event): event is Extract<Event, { readonly type: T }> => event.type === type);
  }

  /** Writes one after the other, as there is room. */
  async write(items: Iterable<Item>): Promise<void> {
    for (const item of items) await this.session.write(item);
  }

  /** Resolves when everything written before is answered, and the answer has been read. */
  async flush(): Promise<void> {
    await this.session.flush();
    await turn();
  }

  close(): Promise<void> {
    return this.session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #read(): Promise<Error | undefined> {
    try {
      for await (const event of this.session) this.events.push(event);
      return undefined;
    } catch (error) {
      return toError(error);
    }
  }
}
