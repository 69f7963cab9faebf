import { isDeepStrictEqual } from 'node:util';
import type { SeamlessTarget } from '../../kernels/seamless-converter.ts';
import { type AudioFormat, checkChannels, checkSampleRate } from '../../media/audio-format.ts';
import type { AudioFrame } from '../../media/audio-frame.ts';
import type { Frame } from '../../media/frame.ts';
import type { MediaFormat } from '../../media/media-format.ts';
import { SoundConversion } from '../../operators/sound-conversion.ts';
import type { ConverterTarget, LinkConverter } from './link-converter.ts';

/**
 * Resamples and remixes on a link whose receiver takes one format. While that is what comes it has nothing to do but to know
 * the end of it, so that the sound goes on when another comes.
 */
export class AudioLinkConverter implements LinkConverter {
  readonly name: string | undefined;
  readonly output: MediaFormat;
  readonly #to: SeamlessTarget;
  #conversion: SoundConversion;

  /**
   * @param wanted what the receiver takes; channels that it leaves open pass as they come
   * @param sender who may pause
   */
  constructor(
    from: AudioFormat,
    wanted: SeamlessTarget,
    sender: ConstructorParameters<typeof SoundConversion>[1],
    target: ConverterTarget,
  ) {
    checkSampleRate(from.sampleRate, 'from.sampleRate');
    checkChannels(from.channels, 'from.channels');
    const { sampleRate, channels = from.channels } = wanted;
    // Whoever takes so many channels takes them for whatever speakers.
    const channelMask = from.channels === channels ? from.channelMask : undefined;
    this.#to = { ...wanted, channelMask: wanted.channels === undefined ? undefined : channelMask };
    this.#conversion = new SoundConversion(this.#to, sender, target);
    this.output = { kind: 'audio', sampleRate, channels, channelMask };
    const parts: string[] = [];
    if (from.sampleRate !== sampleRate) parts.push(`${from.sampleRate} -> ${sampleRate} Hz`);
    if (from.channels !== channels) parts.push(`${from.channels} -> ${channels} channels`);
    this.name = parts.length === 0 ? undefined : parts.join(', ');
  }

  follow(former: LinkConverter): boolean {
    if (!(former instanceof AudioLinkConverter) || !isDeepStrictEqual(former.#to, this.#to)) return false;
    const { target } = this.#conversion;
    this.#conversion.close();
    this.#conversion = former.#conversion;
    this.#conversion.target = target;
    return true;
  }

  push(frame: Frame, target: ConverterTarget): void {
    this.#conversion.target = target;
    this.#conversion.take(frame as AudioFrame);
  }

  flush(target: ConverterTarget): void {
    this.#conversion.target = target;
    this.#conversion.flush();
  }

  reset(): void {
    this.#conversion.reset();
  }

  close(): void {
    this.#conversion.close();
  }
}
