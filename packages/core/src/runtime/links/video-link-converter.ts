import { convertColor } from '../../kernels/color/convert-color.ts';
import type { ColorFormat } from '../../media/color-format.ts';
import type { Frame } from '../../media/frame.ts';
import type { MediaFormat } from '../../media/media-format.ts';
import { describeVideoFormat, type VideoFormat } from '../../media/video-format.ts';
import type { VideoFrame } from '../../media/video-frame.ts';
import { videoFramePool } from '../../media/video-frame-pool.ts';
import type { ConverterTarget, LinkConverter } from './link-converter.ts';

/** Converts colours on a link, picture by picture, in pooled memory. */
export class VideoLinkConverter implements LinkConverter {
  readonly name: string;
  readonly output: MediaFormat;
  readonly #to: ColorFormat;
  readonly #link: string;

  /** `link` is the id of the link it stands in. */
  constructor(from: VideoFormat, to: ColorFormat, link: string) {
    this.#to = to;
    this.#link = link;
    const output = { width: from.width, height: from.height, format: to };
    this.output = { kind: 'video', ...output };
    this.name = `${describeVideoFormat(from)} -> ${to}`;
  }

  push(frame: Frame, target: ConverterTarget): void {
    const picture = frame as VideoFrame;
    const converted = videoFramePool.like(picture, { format: this.#to }, this.#link);
    convertColor(picture, converted);
    picture.close();
    target.accept(converted);
  }

  flush(): void {}

  reset(): void {}

  close(): void {}
}
