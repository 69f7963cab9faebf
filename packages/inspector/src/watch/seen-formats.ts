import { type AudioFrame, describeFormat, type Frame, type VideoFrame } from '@sluice/core';

/** What came through links last, where somebody looks: a link itself only knows what was agreed or had to be looked at. */
export class SeenFormats {
  readonly #formats = new Map<string, string>();
  #news = false;

  /** Looks at the frames of a link. Compares numbers; nothing is made while they stay the same. */
  watch(link: string): (frame: Frame) => void {
    let [first, second, third] = [0, 0, ''];
    return (frame) => {
      const { kind } = frame;
      if (kind === 'audio') {
        const { sampleRate, channels } = frame as AudioFrame;
        if (sampleRate === first && channels === second && third === kind) return;
        [first, second, third] = [sampleRate, channels, kind];
        this.#tell(link, describeFormat({ kind, sampleRate, channels }));
      } else if (kind === 'video') {
        const { width, height, format } = frame as VideoFrame;
        if (width === first && height === second && format === third) return;
        [first, second, third] = [width, height, format];
        this.#tell(link, describeFormat({ kind, width, height, format }));
      } else if (third !== kind) {
        third = kind;
        this.#tell(link, kind);
      }
    };
  }

  of(link: string): string | undefined {
    return this.#formats.get(link);
  }

  /** Whether any is another than when this was asked last. */
  takeNews(): boolean {
    const news = this.#news;
    this.#news = false;
    return news;
  }

  #tell(link: string, format: string): void {
    if (this.#formats.get(link) === format) return;
    this.#formats.set(link, format);
    this.#news = true;
  }
}
