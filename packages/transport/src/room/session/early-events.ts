import type { EventEmitter } from '../../event-emitter.ts';
import type { RoomNews, RoomSessionEvents } from '../driver.ts';

type Held = { readonly [K in 'news' | 'lost']: readonly [event: K, data: RoomSessionEvents[K]] }['news' | 'lost'];

/** What no property of a session holds: who comes too late to hear it never learns of it. */
const passing: readonly RoomNews['type'][] = ['app-message', 'chat', 'inputs-asked', 'dtmf', 'transcription-message'];

/** Keeps what a session tells before somebody listens, between its welcome and the first listener. */
export class EarlyEvents {
  #held: Held[] | undefined = [];

  /** Returns whether it is kept for later. */
  hold(...[event, data]: Held): boolean {
    if (this.#held === undefined) return false;
    if (event === 'lost') this.#held.push([event, data]);
    else if (passing.includes(data.type)) this.#held.push([event, data]);
    return true;
  }

  /** Somebody listens to `event`: what was kept is told after the other listeners of this moment, and before anything else arrives. */
  listened(event: keyof RoomSessionEvents, events: EventEmitter<RoomSessionEvents>): void {
    if (event !== 'lost' && event !== 'news') return;
    queueMicrotask(() => {
      for (const [name, data] of this.take()) events.emit(name, data);
    });
  }

  /** What was kept, once. */
  take(): readonly Held[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }
}
