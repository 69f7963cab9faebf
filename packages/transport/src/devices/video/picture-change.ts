/** Points that are looked at, along each side. */
const GRID = 32;
/** A point that differs by more has changed; so have all together whose mean is above the other. Steps of luma. */
const POINT = 24;
const MEAN = 2;

/** What is looked at of a picture: I420, whose luma comes first. */
export interface LumaPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Whether a picture shows something else than the one before it, by a thousand points of its luma: a few microseconds. What
 * an encoder makes finer from picture to picture while nothing moves is no change.
 */
export class PictureChange {
  readonly #luma = new Uint8Array(GRID * GRID);
  #width = 0;
  #height = 0;

  /** A picture. Does not keep it. The first one has changed, and so has one of another size. */
  take({ width, height, data }: LumaPicture): boolean {
    const resized = width !== this.#width || height !== this.#height;
    this.#width = width;
    this.#height = height;
    let sum = 0;
    let most = 0;
    for (let row = 0; row < GRID; row++) {
      const line = width * Math.floor(((row + 0.5) * height) / GRID);
      for (let column = 0; column < GRID; column++) {
        const luma = data[line + Math.floor(((column + 0.5) * width) / GRID)]!;
        const index = row * GRID + column;
        const difference = Math.abs(luma - this.#luma[index]!);
        sum += difference;
        if (difference > most) most = difference;
        this.#luma[index] = luma;
      }
    }
    return resized || most > POINT || sum > MEAN * GRID * GRID;
  }
}
