/** Who made the picture, as leak reports name it. */
export interface PictureMaker {
  owner: string;
  readonly bytes: number;
}

/** Gets the bytes when nobody stands on them any more; with `lost`, when they went elsewhere. */
export type ReleaseMemory = (memory: VideoMemory, lost: boolean) => void;

/** The bytes of a picture and how many frames stand on them. */
export class VideoMemory {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Open frames on these bytes. */
  owners = 1;
  /** Of memory that a pool watches. */
  readonly maker: PictureMaker | undefined;
  readonly #release: ReleaseMemory | undefined;

  constructor(data: Uint8Array<ArrayBuffer>, release?: ReleaseMemory, maker?: PictureMaker) {
    this.data = data;
    this.#release = release;
    this.maker = maker;
  }

  /** One frame less. The last one gives the bytes back, unless they went elsewhere. */
  drop(lost = false): void {
    if (--this.owners === 0) this.#release?.(this, lost);
  }
}
