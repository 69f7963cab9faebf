import type { Frame } from '../media/frame.ts';
import type { Micros } from '../time/units.ts';

/** What a sink's author writes. Every frame given to `write` is the writer's to close. */
export interface SinkWriter<F extends Frame, R = void> {
  /** Takes one frame. A promise holds the stream back until it has settled; a rejection ends the sink. */
  write(frame: F): void | Promise<void>;
  /** The stream ended in order: finish what is left, give everything back. */
  end(): R | Promise<R>;
  /**
   * The stream broke or was aborted: give everything back, leave what was written valid. May come while a write is
   * under way, and never twice.
   */
  abort?(reason: Error): void | Promise<void>;
  /**
   * For what plays by itself: the media time that leaves it now, in microseconds on the scale of the frames' timestamps.
   * Counted from what was really handed on, and moved on by the clock no further than that: it never runs ahead of the
   * media. It stands still while the player does, and is undefined until media of the present epoch has left. Declare it
   * with `plays: true`.
   */
  position?(): Micros | undefined;
  /**
   * For what knows what became of its media: how much has left it since it was opened, in microseconds; it never goes
   * back. An interruption reports it as heard. Without it a graph takes everything that the sink was given as heard. Who
   * knows only after clearing a device how much left it tells the interruption itself: `interruption.heard(...)`.
   */
  played?(): number;
  /**
   * For what plays by itself: falls silent within `fadeMs` and 10 ms and keeps what it has, for `resume` to go on with the
   * next sample. `position`, `played` and receipts stand still meanwhile; writes and interruptions come as ever, and an
   * abort ends it too. Resolves when nothing is heard any more, or when it was resumed. Called again it changes nothing.
   * A sink without it is given nothing while it is paused.
   */
  pause?(fadeMs: number): void | Promise<void>;
  /** Goes on where `pause` cut, fading in as long as it faded out. */
  resume?(): void;
  /** An interruption that did not reach this sink has dropped parts of these utterances on the way to it. */
  lost?(utterances: readonly string[]): void;
}
