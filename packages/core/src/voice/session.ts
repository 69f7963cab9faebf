import type { Clock } from '../time/clock.ts';

/** What a session of a model has and may do. */
export interface SessionContext<Event, Settings> {
  /** Aborted when the session closes: everything under way ends with it. */
  readonly signal: AbortSignal;
  /** The only source of time. Wrap what no timer of it waits for in `clock.track`: files, processes, sockets. */
  readonly clock: Clock;
  /** Numbers from 0 to 1, for what is left to chance: pauses before another attempt. */
  readonly random: () => number;
  /** As they are now; `update` changes them. */
  readonly settings: Readonly<Settings>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Tells an event. After the end, and for a cancelled epoch, it is dropped. */
  readonly emit: (event: Event) => void;
  /** The model is lost: the session ends with this error. */
  readonly fail: (error: unknown) => void;
}

/** What a session does. Only `write` is required. */
export interface SessionHandlers<Item> {
  write(item: Item): void | Promise<void>;
  /** Resolves when everything written before has been answered. */
  flush?(): void | Promise<void>;
  /** `context.settings` has changed. */
  onUpdate?(): void;
  /** Stop working on what is older; its events are dropped anyway. */
  onCancel?(epoch: number): void;
  /** Give everything back. Called once. */
  close?(): void | Promise<void>;
}
