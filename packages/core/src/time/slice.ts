import type { Clock } from './clock.ts';

/** How long frames may be made without a break before the event loop gets its turn, in milliseconds. */
const SLICE_MS = 3;

/** On a repeatable clock frames are counted instead: so many make a slice. */
const SLICE_FRAMES = 32;

/** Turns of the event loop while frames are made; how a slice knows that the others had theirs. */
const loop = { turns: 0, watched: false };

function watchLoop(): void {
  if (loop.watched) return;
  loop.watched = true;
  setImmediate(() => {
    loop.watched = false;
    loop.turns++;
  });
}

/**
 * How long somebody has kept the event loop to itself. Promises that settle at once give nobody else a turn, so a slice
 * goes on across them. Real time on purpose: it protects the event loop also while a virtual clock stands still.
 */
export class Slice {
  #turns = -1;
  #end = 0;
  #looked = 0;
  #untilLook = 1;
  readonly #counts: boolean;
  #frames = 0;

  /** `clock` is the one of whoever makes the frames. */
  constructor({ repeatable = false }: Pick<Clock, 'repeatable'>) {
    this.#counts = repeatable;
  }

  /** Asked before each frame; looks at the time every 16 frames, or at each while they are slow. */
  over(): boolean {
    if (this.#counts) return this.#frames++ % SLICE_FRAMES === SLICE_FRAMES - 1;
    if (--this.#untilLook > 0) return false;
    const now = performance.now();
    if (this.#turns !== loop.turns) {
      this.#turns = loop.turns;
      this.#end = now + SLICE_MS;
    }
    this.#untilLook = now - this.#looked > SLICE_MS / 16 ? 1 : 16;
    this.#looked = now;
    watchLoop();
    if (now < this.#end) return false;
    this.#untilLook = 1;
    return true;
  }
}

/** One turn of the event loop: timers and input come first. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
