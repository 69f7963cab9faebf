import type { SluiceError, VideoFrame } from '@sluice/core';
import { CustomVideoSource } from '../devices/custom/custom-video-source.ts';
import type { PictureTarget } from '../devices/video/video-input.ts';
import type { HostConnection, VideoSendSettings } from '../host/media-host.ts';
import type { WhipVideoOptions } from './whip-options.ts';

/** What is shown in a session, and fails with it. */
export class PublishedPictures {
  readonly width: number;
  readonly height: number;
  readonly input: PictureTarget;
  readonly #source: CustomVideoSource;
  readonly #settings: VideoSendSettings;
  readonly #use;
  #fault: SluiceError | undefined;

  constructor({ width, height, screen = false, ...settings }: WhipVideoOptions) {
    this.#source = new CustomVideoSource(width, height, 'I420', { screen });
    this.width = width;
    this.height = height;
    this.#settings = settings;
    const { input } = this.#source;
    this.#use = input.use();
    this.input = {
      get source() {
        return input.source;
      },
      get glitches() {
        return input.glitches;
      },
      get sheds() {
        return input.sheds;
      },
      use: (onGone) => input.use(onGone),
      rest: () => input.rest(),
      show: (frame) => this.#show(input, frame),
    };
  }

  sendOn(connection: HostConnection): void {
    connection.addTrack('camera', this.input.source, this.#settings);
  }

  heard(): void {
    this.#use.set('heard');
  }

  /** Whoever shows something from now on is told why that is of no use. */
  fail(error: SluiceError): void {
    this.#fault ??= error;
  }

  close(): void {
    this.#use.close();
    this.#source.close();
  }

  #show(input: PictureTarget, frame: VideoFrame): void {
    if (this.#fault === undefined) return input.show(frame);
    frame.close();
    throw this.#fault;
  }
}
