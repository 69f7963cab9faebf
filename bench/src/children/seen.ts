/** Pictures that arrived since the last call, and the width of the last one in pixels. */
export interface Seen {
  readonly pictures: number;
  readonly width: number;
}
