import { type AudioFrame, checkChannels, checkKeys, createStep, isAudioFormat, SluiceError } from '@sluice/core';
import { checkMatrix, createRemixer, type RemixMatrix } from '@sluice/core/kernels';
import type { OperatorFunction } from 'rxjs';

/** Channels that {@link remix} makes, and their gains. */
export interface RemixOptions {
  /** Output channels, 1 to 64. */
  readonly channels: number;
  /**
   * One row for each output channel, one gain (1 is unchanged) for each input channel. Default: the downmix of ITU-R
   * BS.775 by the speakers that the channels are for, scaled so that it cannot clip; see `remixMatrix`.
   */
  readonly matrix?: RemixMatrix;
}

/**
 * Maps audio to another number of channels.
 *
 * Without a matrix, stereo becomes mono by the mean, mono is copied to left and right, and frames that have the channels
 * already pass untouched. Which channel is which, a frame says (`channelMask`, which WAV files set): 2.1 becomes mono
 * without its LFE, 4.0 becomes stereo with its centre in the middle. What says nothing is mono, stereo, 3.0 (L R C), quad
 * (L R and surrounds), 5.0, 5.1, 6.1 or 7.1, and so is what leaves. With a matrix, the input must have as many channels as its rows have gains; samples are rounded
 * and clamped. Received frames are closed and new ones leave; timestamps, gaps, epochs and changes of format pass. Keeps
 * nothing, adds no latency.
 *
 * @example
 * ```ts
 * fromWavFile('music.wav').pipe(remix({ channels: 1 })).subscribe(toMicrophone(mic));
 * source.pipe(remix({ channels: 2, matrix: [[0, 1], [1, 0]] })); // left and right swapped
 * ```
 * @throws TypeError, RangeError at once for a channel count or matrix that is not valid. The stream fails with
 * `SLUICE_REMIX_CHANNELS` at a frame that the matrix does not fit.
 * @see resample
 */
export function remix(options: RemixOptions): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<RemixOptions>('remix', options, { channels: true, matrix: true });
  const { channels, matrix } = options;
  checkChannels(channels, 'remix.channels');
  if (matrix !== undefined) checkMatrix(matrix, undefined, channels, 'remix.matrix');
  const from = matrix?.[0]?.length;

  return createStep<AudioFrame, AudioFrame>(
    {
      name: 'remix',
      accepts: from === undefined ? { kind: 'audio' } : { kind: 'audio', channels: from },
      produces: (input) =>
        isAudioFormat(input) && (matrix !== undefined || input.channels !== channels)
          ? { kind: 'audio', sampleRate: input.sampleRate, channels }
          : input,
    },
    () => {
      let inputChannels = 0;
      let inputMask: number | undefined;
      let map: (samples: Int16Array) => Int16Array = (samples) => samples;

      const adapt = (frame: AudioFrame) => {
        if (from !== undefined && frame.channels !== from) {
          const received = frame.channels;
          frame.close();
          throw new SluiceError('SLUICE_REMIX_CHANNELS', 'the matrix of remix does not fit the frame', {
            expected: `${from} channels, one for each gain of a row`,
            received,
            fix: 'Give a matrix for this input, or none',
          });
        }
        inputChannels = frame.channels;
        inputMask = frame.channelMask;
        map = createRemixer({ from: inputChannels, to: channels, fromMask: inputMask, matrix });
      };

      return {
        next(frame) {
          if (matrix === undefined && frame.channels === channels) return frame;
          if (frame.channels !== inputChannels || frame.channelMask !== inputMask) adapt(frame);
          const mapped = frame.derive({ samples: map(frame.samples), channels, channelMask: undefined });
          frame.close();
          return mapped;
        },
      };
    },
  );
}
