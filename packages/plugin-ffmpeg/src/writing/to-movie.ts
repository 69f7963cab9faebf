// Sound and pictures into one file of any form that ffmpeg writes.

import type { Writable } from 'node:stream';
import {
  type AudioFrame,
  checkChannels,
  checkKeys,
  checkSampleRate,
  createSink,
  invalidArgument,
  outOfRange,
  type Sink,
  type VideoFrame,
} from '@sluice/core';
import { checkNames } from '../program/check-names.ts';
import { EncoderProcess } from './encoder-process.ts';
import { checkOnProgress, type OnProgress, reporting } from './encoding-progress.ts';
import { LivePace } from './live-pace.ts';
import type { Track } from './matroska.ts';
import { checkBitrate, codingOf, mediaTarget } from './media-output.ts';
import { MovieFile } from './movie-file.ts';
import { MoviePictures, type MoviePicturesResult } from './movie-pictures.ts';
import { MovieSound, type MovieSoundResult } from './movie-sound.ts';

/** The sound of a {@link toMovie}. */
export interface MovieSoundOptions {
  /** Hz. Default 48,000. */
  readonly sampleRate?: number;
  /** Default 2. */
  readonly channels?: number;
  /** ffmpeg's name of an encoder: `aac`, `libopus`. Default: by the container. */
  readonly codec?: string;
  /** Kilobits per second, 1 to 10,000. Default: the encoder's. */
  readonly bitrateKbps?: number;
}

/** The pictures of a {@link toMovie}. */
export interface MoviePicturesOptions {
  /**
   * Pictures per second in the file, more than 0, to 240: they are repeated and left out by their timestamps. Default: by the
   * duration of the first one, else 30.
   */
  readonly frameRate?: number;
  /** ffmpeg's name of an encoder: `libx264`, `libvpx-vp9`. Default: by the container. */
  readonly codec?: string;
  /** Kilobits per second, 1 to 1,000,000. Default: the encoder's. */
  readonly bitrateKbps?: number;
}

/** Form of the file that {@link toMovie} writes. */
export interface ToMovieOptions {
  /** False: the file has no sound. */
  readonly audio?: MovieSoundOptions | false;
  /** How the pictures are coded. */
  readonly video?: MoviePicturesOptions;
  /** ffmpeg's name of a container: `mp4`, `matroska`, `webm`, `gif`. Default: by the ending of the name; a stream has none. */
  readonly container?: string;
  /** Told how far the encoder is, twice a second and at the end; what it throws is reported. */
  readonly onProgress?: OnProgress;
  /** What is run. Default `ffmpeg`, looked for on the PATH. */
  readonly program?: string;
}

/** The two ends of a file with sound and pictures. */
export interface MovieSinks {
  /** Takes the sound; refuses it where the file was said to have none. */
  readonly audio: Sink<AudioFrame, MovieSoundResult>;
  /** Takes the pictures: all of one size, converted to I420. */
  readonly video: Sink<VideoFrame, MoviePicturesResult>;
}

/**
 * Writes sound and pictures into one file of any container and codecs that ffmpeg writes; a file of that name is overwritten.
 * What has equal timestamps stands at the same place: the file begins with the earlier of the two first frames. Neither goes on before the
 * first frame of both is there, so that both ends have to be linked; one that ends without a frame is left out, and without any there is no file. Holds the graph
 * back while ffmpeg does not keep up. What is missing from the sound (`frame.gap`) is silence in the file; between pictures that are missing
 * the last one stands.
 *
 * Both are `finished` when their stream ended, the last of them when the file is; where one breaks off, the other is told so at its next frame. After an abort the file is finished with what ffmpeg was
 * given, if it does that within 2 s; then it is killed. They reject with `SLUICE_FFMPEG_MISSING`, with `SLUICE_FFMPEG_WRITE` when ffmpeg fails
 * or complains (a full disk, a codec that the container does not take, a size that is odd where the codec takes none), and with
 * `SLUICE_LINK_FORMAT` for a picture of another size: put `scale()` before it.
 *
 * To the address of a live stream it goes as fast as it comes, which has to be in the time that it lasts (`pace()` before what is a file), as H.264 and AAC
 * by default, with a whole picture each two seconds.
 *
 * @param output - A path, a `file:` URL, the address of a live stream, or a stream of Node, for which `container` has to be told (`matroska`, `webm`, `mpegts`): see {@link toMedia}.
 * @throws TypeError or RangeError at once for arguments that are not valid
 * @example
 * const movie = toMovie('talk.mp4', { video: { frameRate: 25 } });
 * const studio = graph('studio');
 * studio.from(fromSyncBeeps({ duration: 5 })).to(movie.audio);
 * studio.from(fromTestPattern({ width: 640, height: 360, duration: 5 })).to(movie.video);
 * await studio.run();
 */
export function toMovie(output: string | URL | Writable, options: ToMovieOptions = {}): MovieSinks {
  checkKeys<ToMovieOptions>('toMovie', options, {
    audio: true,
    video: true,
    container: true,
    onProgress: true,
    program: true,
  });
  const { audio = {}, video = {}, container, onProgress, program = 'ffmpeg' } = options;
  checkOnProgress('toMovie.onProgress', onProgress);
  const { sampleRate = 48_000, channels = 2, ...sound } = audio === false ? {} : audio;
  checkKeys<MovieSoundOptions>('toMovie.audio', audio === false ? {} : audio, {
    sampleRate: true,
    channels: true,
    codec: true,
    bitrateKbps: true,
  });
  checkKeys<MoviePicturesOptions>('toMovie.video', video, { frameRate: true, codec: true, bitrateKbps: true });
  checkSampleRate(sampleRate);
  checkChannels(channels);
  const { frameRate } = video;
  if (frameRate !== undefined && !(frameRate > 0 && frameRate <= 240))
    throw outOfRange('toMovie.video.frameRate', 'more than 0, to 240 pictures a second', frameRate);
  checkNames('toMovie', { container, program });
  checkNames('toMovie.audio', { codec: sound.codec });
  checkNames('toMovie.video', { codec: video.codec });
  checkBitrate('toMovie.audio.bitrateKbps', sound.bitrateKbps, 10_000);
  checkBitrate('toMovie.video.bitrateKbps', video.bitrateKbps, 1_000_000);
  const target = mediaTarget(output, container);

  const pictures = (rate: number) => [
    ...['-vf', `fps=${rate}`],
    ...codingOf('v', video.codec, video.bitrateKbps, target),
    // What every player shows; ffmpeg converts where a codec has no such.
    ...(video.codec === undefined ? [] : ['-pix_fmt', 'yuv420p']),
  ];
  let rate = frameRate ?? 30;
  /** Of the end that was opened last: the encoder begins behind it. */
  let told: OnProgress | undefined;
  const begin = (tracks: readonly Track[]) => {
    const has = (kind: Track['kind']) => tracks.some((track) => track.kind === kind);
    const args = [
      ...['-hide_banner', '-v', 'error', '-analyzeduration', '0', '-fpsprobesize', '0', '-f', 'matroska'],
      ...['-i', 'pipe:0', '-map', '0'],
      ...(has('audio') ? codingOf('a', sound.codec, sound.bitrateKbps, target) : []),
      ...(has('video') ? pictures(rate) : []),
    ];
    return new EncoderProcess(program, args, target, told);
  };
  const pace = target.live ? new LivePace() : undefined;
  const file = new MovieFile(audio === false ? ['video'] : ['audio', 'video'], begin, pace);
  const format = { sampleRate, channels };
  return {
    audio: createSink<AudioFrame, MovieSoundResult>({
      name: 'toMovie.audio',
      accepts: { kind: 'audio', ...format },
      external: true,
      open: (context) => {
        told = reporting(onProgress, context);
        if (audio === false) throw invalidArgument('toMovie.audio', 'no sound, by audio: false', 'a stream of it');
        return new MovieSound(file, format);
      },
    }),
    video: createSink<VideoFrame, MoviePicturesResult>({
      name: 'toMovie.video',
      accepts: { kind: 'video', format: 'I420' },
      external: true,
      problems: () => pace?.problems ?? [],
      open: (context) => {
        told = reporting(onProgress, context);
        return new MoviePictures(file, (duration) => {
          rate = frameRate ?? rateOf(duration);
          return 1e6 / rate;
        });
      },
    }),
  };
}

/** The rate of pictures that last so long, in microseconds, give or take the rounding to a whole one. */
function rateOf(duration: number): number {
  if (duration <= 0) return 30;
  const whole = Math.max(1, Math.round(1e6 / duration));
  const rate = [whole, (whole * 1_000) / 1_001].find((one) => Math.abs(1e6 / one - duration) <= 1) ?? 1e6 / duration;
  return Math.min(rate, 240);
}
