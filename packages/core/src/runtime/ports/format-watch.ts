import type { AudioFormat } from '../../media/audio-format.ts';
import type { Frame } from '../../media/frame.ts';
import { isAudioFormat, isVideoFormat, type MediaFormat } from '../../media/media-format.ts';
import type { VideoFormat } from '../../media/video-format.ts';

type AudioShaped = Frame & AudioFormat;
type VideoShaped = Frame & VideoFormat;

/** Sees when frames on a link change their format. Compares numbers; nothing is made while it stays the same. */
export class FormatWatch {
  /** Sample rate or width, channels or height, colour format, channel mask. */
  #first = 0;
  #second = 0;
  #third = '';
  #fourth: number | undefined;

  /** The format agreed before the start, so that the first frame is no change. */
  agree(format: MediaFormat): void {
    if (isAudioFormat(format)) this.#set(format.sampleRate, format.channels, '', format.channelMask);
    else if (isVideoFormat(format)) this.#set(format.width, format.height, format.format);
  }

  /** The next frame is a change, whatever its format. */
  forget(): void {
    this.#first = 0;
  }

  /** The frame's format if it is another than that of the last one that was agreed on. */
  changed(frame: Frame): MediaFormat | undefined {
    if (frame.kind === 'audio') {
      const { sampleRate, channels, channelMask } = frame as AudioShaped;
      if (sampleRate === this.#first && channels === this.#second && channelMask === this.#fourth) return undefined;
      return { kind: 'audio', sampleRate, channels, channelMask };
    }
    if (frame.kind !== 'video') return undefined;
    const { width, height, format } = frame as VideoShaped;
    if (width === this.#first && height === this.#second && format === this.#third) return undefined;
    return { kind: 'video', width, height, format };
  }

  #set(first: number, second: number, third: string, fourth?: number): void {
    this.#first = first;
    this.#second = second;
    this.#third = third;
    this.#fourth = fourth;
  }
}
