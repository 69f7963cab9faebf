// Sound and pictures of a stream that is live: a program beside this one, and a pipe that says when each is.

import {
  type AudioFrame,
  checkChannels,
  checkKeys,
  checkSampleRate,
  invalidArgument,
  type Micros,
  outOfRange,
  pushSource,
  type Source,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { checkNames } from '../program/check-names.ts';
import type { MediaSources } from '../reading/media-sources.ts';
import { liveInput } from './live-input.ts';
import { LiveReception } from './live-reception.ts';
import { LiveSound } from './live-sound.ts';

/** Format of what {@link fromLiveMedia} receives, and how. */
export interface FromLiveMediaOptions {
  /** Hz. Default 48,000. ffmpeg converts. */
  readonly sampleRate?: number;
  /** 1 or more; ffmpeg mixes. Default 2. */
  readonly channels?: number;
  /** False leaves the sound out. Default true. */
  readonly audio?: boolean;
  /** False leaves the pictures out, which then cost no decoding. Default true. */
  readonly video?: boolean;
  /**
   * Waits at the address for one who sends (OBS, a camera, another ffmpeg) instead of asking there: `rtmp:`, `rtsp:`, `srt:`, `http:`. Whoever
   * reaches the address may send; who comes and sends no stream is reported, and waited on behind. Default false.
   */
  readonly listen?: boolean;
  /** A stream of which nothing comes for longer, or whose time stands still so long, has failed, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** What is run. Default `ffmpeg`, looked for on the PATH. */
  readonly program?: string;
}

const I420 = 'scale=out_color_matrix=bt601:out_range=tv,format=yuv420p';
/** Of the first picture, and of one behind a pause, in microseconds. */
const PICTURE_US = 40_000;
const LONGEST_PICTURE_US = 1_000_000;

/**
 * Receives a stream that is live, by ffmpeg as a program beside this one: RTMP, RTSP, SRT, MPEG-TS by UDP or HTTP, HLS.
 *
 * One ffmpeg receives for both sources: it begins with the first subscription and ends with the last. Timestamps have one zero for both, the
 * beginning of the stream. It is never held back: what a graph has no room for is lost by the link, and told. What a server sends of the past when one comes
 * is left out, until it sends in time for 0.1 s. Sound comes in frames of 20 ms, with a `gap` where the stream leaves time out; pictures as they come, I420, BT.601.
 * Adds a picture's length, to know that one is whole, and up to 0.2 s where sound or pictures pause.
 *
 * Errors: `SLUICE_FFMPEG_MISSING`, `SLUICE_FFMPEG_FAILED`, also where nothing comes. A stream that ends, ends its sources: restart the node to
 * wait for the next.
 *
 * @param input - A URL of `rtmp:`, `rtmps:`, `rtsp:`, `rtsps:` (by TCP), `srt:`, `udp:`, `http:` or `https:`. Messages have its scheme and host only.
 * @throws TypeError or RangeError at once for arguments that are not valid
 * @example
 * const camera = fromLiveMedia('rtsp://camera.local/stream', { sampleRate: 16_000, channels: 1 });
 * bot.from(camera.audio).to(toMicrophone(microphone));
 * bot.from(camera.video).to(toCamera(device));
 */
export function fromLiveMedia(input: string | URL, options: FromLiveMediaOptions = {}): MediaSources {
  checkKeys<FromLiveMediaOptions>('fromLiveMedia', options, {
    sampleRate: true,
    channels: true,
    audio: true,
    video: true,
    listen: true,
    timeoutMs: true,
    program: true,
  });
  const { sampleRate = 48_000, channels = 2, audio = true, video = true } = options;
  const { listen = false, timeoutMs = 10_000, program = 'ffmpeg' } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  for (const [name, value] of Object.entries({ audio, video, listen }))
    if (typeof value !== 'boolean') throw invalidArgument(name, 'true or false', value);
  if (!audio && !video) throw invalidArgument('audio', 'sound or pictures', audio);
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 100 && timeoutMs <= 3_600_000))
    throw outOfRange('timeoutMs', '100 to 3600000 ms', timeoutMs);
  checkNames('fromLiveMedia', { program });
  const live = liveInput(input, listen, timeoutMs);
  const args = [
    ...['-nostdin', '-hide_banner', '-v', 'error', '-protocol_whitelist', live.protocols],
    ...['-fflags', 'nobuffer', '-analyzeduration', '1000000', '-probesize', '1000000'],
    ...live.options,
    ...['-i', live.url],
    ...(audio ? ['-map', '0:a:0?', '-c:a', 'pcm_s16le', '-ar', `${sampleRate}`, '-ac', `${channels}`] : []),
    ...(video ? ['-map', '0:V:0?', '-c:v', 'rawvideo', '-vf', I420, '-vsync', 'passthrough'] : []),
    // Each block goes out as a cluster of its own, and none waits long for the other track.
    ...['-f', 'matroska', '-cluster_time_limit', '1', '-flush_packets', '1', '-max_interleave_delta', '200000'],
    'pipe:1',
  ];
  const reception = new LiveReception({ input: live, program, args, timeoutMs, listen });
  return {
    get audio() {
      if (!audio) throw invalidArgument('audio', 'sound asked for in fromLiveMedia', false);
      return soundOf(reception, { kind: 'audio', sampleRate, channels });
    },
    get video() {
      if (!video) throw invalidArgument('video', 'pictures asked for in fromLiveMedia', false);
      return picturesOf(reception);
    },
  };
}

function soundOf(
  reception: LiveReception,
  format: { readonly kind: 'audio'; readonly sampleRate: number; readonly channels: number },
): Source<AudioFrame> {
  return pushSource<AudioFrame>({ name: 'fromLiveMedia', format }, (destination, context) => {
    const sound = new LiveSound(format, (frame) => destination.next(frame));
    return reception.join({
      kind: 'audio',
      block: (_, timeMs, bytes) => sound.push(timeMs, bytes),
      report: (error) => context.report(error),
      end: () => {
        sound.flush();
        destination.complete();
      },
      fail: (error) => destination.error(error),
    });
  });
}

function picturesOf(reception: LiveReception): Source<VideoFrame> {
  return pushSource<VideoFrame>({ name: 'fromLiveMedia', overflow: 'latest' }, (destination, context) => {
    let last = Number.NEGATIVE_INFINITY;
    return reception.join({
      kind: 'video',
      block: (track, timeMs, bytes) => {
        if (track.kind !== 'video') return;
        const time = Math.max(timeMs * 1_000, last + 1);
        const since = time - last;
        last = time;
        const { width, height } = track;
        const duration = since > LONGEST_PICTURE_US ? PICTURE_US : since;
        const times = { timestamp: time as Micros, duration: duration as Micros, colorSpace: 'bt601' } as const;
        const frame = videoFramePool.frame({ width, height, format: 'I420', ...times }, context.name);
        frame.data.set(bytes.subarray(0, frame.data.length));
        destination.next(frame);
      },
      report: (error) => context.report(error),
      end: () => destination.complete(),
      fail: (error) => destination.error(error),
    });
  });
}
