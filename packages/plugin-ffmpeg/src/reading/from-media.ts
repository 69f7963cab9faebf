// Sound and pictures out of any file that ffmpeg reads: a program beside this one, and a pipe.

import type { Readable } from 'node:stream';
import { checkChannels, checkKeys, checkSampleRate, invalidArgument, outOfRange, pullSource } from '@sluice/core';
import { isStream, mediaInput, openingOf, streamInput } from '../program/media-input.ts';
import { DecoderProcess } from './decoder-process.ts';
import { picturesOfFile, picturesOfStream } from './media-pictures.ts';
import type { MediaSources } from './media-sources.ts';
import { mp4Extent } from './mp4-extent.ts';
import { oggLength } from './ogg-length.ts';
import { RepeatedDecoder } from './repeated-decoder.ts';
import { SharedStream } from './shared-stream.ts';
import { SoundFilter } from './sound-filter.ts';
import { SoundPuller } from './sound-puller.ts';

/** Format and part of what {@link fromMedia} plays. */
export interface FromMediaOptions {
  /** Hz. Default 48,000. ffmpeg converts. */
  readonly sampleRate?: number;
  /** 1 or more; ffmpeg mixes. Default 2. */
  readonly channels?: number;
  /** Where to start, in milliseconds, exact to the sample: what is before is decoded and dropped. Default 0. */
  readonly startMs?: number;
  /** How much is played, in milliseconds, exact to the sample. Default: to the end. */
  readonly durationMs?: number;
  /**
   * How often the part is played, one time after the other without a break, to the sample; Infinity: until it is left. Sound and
   * pictures each by their own length. Of a stream: 1. Default 1.
   */
  readonly times?: number;
  /**
   * A chain of ffmpeg's filters for the sound, which they get as it is delivered: `afftdn,alimiter`. Many come late and lose the
   * end by as much; it is tried on a second of noise first (0.1 s), and what it is late by, 2 to 500 ms, is cut off before the
   * sound and given to it behind, so that length and place stay, to the sample. What is late on purpose (`adelay`), longer for its
   * echo (`aecho`) or of another length (`atempo`) stays as it is. At most 8 channels. Default: none.
   */
  readonly filter?: string;
  /**
   * How long a server of a URL may send nothing while it is read, in milliseconds, 100 to 3,600,000; then it is an error, or behind the
   * beginning the end of what there is, reported. Default 10,000.
   */
  readonly timeoutMs?: number;
  /** What is run. Default `ffmpeg`, looked for on the PATH. */
  readonly program?: string;
  /** What tells the size of pictures. Default `ffprobe`, which comes with ffmpeg. */
  readonly prober?: string;
}

/**
 * The zero of a file is that of its packets, what a decoder leaves out of the first among them: 7 ms of Opus in WebM and Matroska, 3 of
 * Vorbis. What begins so little later begins with the file.
 */
const FROM_ZERO = "asetpts='PTS-if(between(STARTPTS*TB,0,0.01),STARTPTS,0)'";

/** Leaves what is behind the end to us: of Vorbis in Ogg, which has nothing before its beginning. */
const UNCUT = ['-flags2', '+skip_manual'];

/**
 * Reads sound and pictures of any file that ffmpeg reads, as a program beside this one, which is installed apart.
 *
 * Begins at the first sample where the file says which it is: what encoders put before it (pre-skip of Opus, edit lists of MP4, the
 * delay in LAME's tag) is left out, and behind the last of an MP4 or Ogg file what fills its packet. Sound and pictures have one zero: the first moment of either in the file. Timestamps count samples from 0, also with `startMs`. It is read as fast as it is taken; while nobody takes,
 * ffmpeg waits at its pipe. When the source is left ffmpeg is killed. No shell is used; only files, http and https are opened.
 *
 * Pictures that change their size are scaled to the first one's; sound that changes its rate or channels in the middle (files one behind the other,
 * a broadcast) is an error there: convert it first, `ffmpeg -i in -ar 48000 -ac 2 out.flac`.
 *
 * Errors: `SLUICE_FFMPEG_MISSING`, `SLUICE_FFMPEG_FAILED`; reported: `SLUICE_FFMPEG_DAMAGED`, when ffmpeg reached the end
 * and complained.
 *
 * @param input - A path, a URL of `file:`, `http:` or `https:`, or a stream of bytes in a form that can be read from the front (Ogg, WebM,
 * MP3, WAV; MP4 only with its index first). Of a stream sound and pictures can be read once each, as fast as the slower is taken: the one
 * that is ahead waits while 16 MiB lie between them, and so much is kept for one that nobody has asked for yet.
 * @throws TypeError or RangeError at once for arguments that are not valid
 * @example
 * const player = graph('player');
 * player.from(fromMedia('song.mp3').audio).to(toWavFile('song.wav'));
 * await player.run();
 */
export function fromMedia(input: string | URL | Readable, options: FromMediaOptions = {}): MediaSources {
  checkKeys<FromMediaOptions>('fromMedia', options, {
    sampleRate: true,
    channels: true,
    startMs: true,
    durationMs: true,
    times: true,
    filter: true,
    timeoutMs: true,
    program: true,
    prober: true,
  });
  const {
    sampleRate = 48_000,
    channels = 2,
    startMs = 0,
    durationMs,
    times = 1,
    filter,
    timeoutMs,
    program = 'ffmpeg',
    prober = 'ffprobe',
  } = options;
  const stream = isStream(input) ? new SharedStream(input) : undefined;
  const media = isStream(input) ? streamInput : mediaInput(input);
  checkSampleRate(sampleRate);
  checkChannels(channels);
  if (!(startMs >= 0 && startMs < 1e9)) throw outOfRange('startMs', '0 to 1e9 ms', startMs);
  if (durationMs !== undefined && !(durationMs > 0 && durationMs < 1e9))
    throw outOfRange('durationMs', 'more than 0, to 1e9 ms', durationMs);
  checkTimes(times, input);
  if (typeof program !== 'string' || program === '') throw invalidArgument('program', 'a path or a name', program);
  if (typeof prober !== 'string' || prober === '') throw invalidArgument('prober', 'a path or a name', prober);

  const start = Math.round((startMs * sampleRate) / 1_000);
  const end = durationMs === undefined ? '' : `:end_sample=${start + Math.round((durationMs * sampleRate) / 1_000)}`;
  const opening = [...(isStream(input) ? [] : ['-nostdin']), '-hide_banner', '-v', 'error'];
  const access = openingOf(media, timeoutMs);
  const extentOf = async () => (media.protocols === 'file' ? await mp4Extent(media.name) : undefined);
  // What is before 0 is cut off by both. Filters that began anew in the middle would fill from 0 to there once more.
  const reading = (early = 0, decoding: readonly string[] = []) => [
    ...opening,
    ...access,
    ...decoding,
    '-reinit_filter',
    '0',
    ...(early > 0 ? ['-itsoffset', `${-early.toFixed(6)}`] : []),
    '-i',
    media.url,
  ];
  const part = `${FROM_ZERO},aresample=${sampleRate}:async=1:first_pts=0,atrim=start_sample=${start}${end}`;
  const writing = ['-ac', `${channels}`, '-ar', `${sampleRate}`, '-f', 's16le', 'pipe:1'];
  const format = { kind: 'audio', sampleRate, channels } as const;
  const filtered = filter === undefined ? undefined : new SoundFilter(filter, format, program);
  const audio = pullSource({ name: 'fromMedia', format }, async (context) => {
    const { early, length, end: fileEnd } = (await extentOf()) ?? {};
    const vorbis = media.protocols === 'file' ? await oggLength(media.name) : undefined;
    const lasts = length ?? vorbis;
    const last = [
      ...(lasts === undefined ? [] : [`atrim=duration=${lasts.toFixed(6)}`]),
      ...(fileEnd === undefined ? [] : [`atrim=end=${fileEnd.toFixed(6)}`]),
    ];
    const whole = [...last, part].join(',');
    const chain = filtered === undefined ? whole : `${whole},${await filtered.chain}`;
    const bytes = stream?.open('sound');
    const args = [
      ...reading(early, vorbis === undefined ? [] : UNCUT),
      '-filter_complex',
      `[0:a:0]${chain}[sound]`,
      '-map',
      '[sound]',
      ...writing,
    ];
    const begin = () => new DecoderProcess(program, args, media, bytes);
    return new SoundPuller(new RepeatedDecoder(begin, times), format, context);
  });
  const how = { program, startMs, durationMs };
  const video = isStream(input)
    ? picturesOfStream(stream!, { ...how, reading: reading() })
    : picturesOfFile(input, {
        ...how,
        reading: async () => reading((await extentOf())?.early),
        prober,
        timeoutMs,
        times,
      });
  return { audio, video };
}

function checkTimes(times: number, input: string | URL | Readable): void {
  if (times !== Number.POSITIVE_INFINITY && !(Number.isInteger(times) && times >= 1))
    throw outOfRange('times', '1 or more, whole, or Infinity', times);
  if (times !== 1 && isStream(input)) throw outOfRange('times', '1 for a stream, which can be read once', times);
}
