import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { checkKeys } from '@sluice/core';
import { ffmpegError } from '../errors.ts';
import { type MediaInput, mediaInput, openingOf, withoutSecrets } from '../program/media-input.ts';

/** A stream of sound in a file. */
export interface AudioStreamInfo {
  /** ffmpeg's name: `opus`, `aac`. */
  readonly codec: string;
  /** Hz. */
  readonly sampleRate: number;
  /** How many there are. */
  readonly channels: number;
}

/** A stream of pictures in a file. */
export interface VideoStreamInfo {
  /** ffmpeg's name: `h264`, `vp9`. */
  readonly codec: string;
  /** Square pixels, as shown: turned and stretched where the file says so. */
  readonly width: number;
  /** Square pixels, as shown. */
  readonly height: number;
  /** Frames per second on average; undefined where the file does not tell, and above 240. */
  readonly frameRate: { readonly numerator: number; readonly denominator: number } | undefined;
}

/** Loudness by EBU R128. */
export interface Loudness {
  /** LUFS; undefined for silence. */
  readonly integrated: number | undefined;
  /** LU. */
  readonly range: number;
  /** dBTP; undefined for silence. */
  readonly truePeak: number | undefined;
}

/** What {@link probeMedia} finds. */
export interface MediaInfo {
  /** ffmpeg's names of its container: `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** As the container says; undefined where it does not. */
  readonly durationMs: number | undefined;
  /** In the order of the file; empty: it has no sound. */
  readonly audio: readonly AudioStreamInfo[];
  /** In the order of the file; empty: it has no pictures. */
  readonly video: readonly VideoStreamInfo[];
  /** Of the first sound, if asked for. */
  readonly loudness?: Loudness;
}

/** What is measured, and with what. */
export interface ProbeMediaOptions {
  /** Whether loudness is measured: all of the sound is decoded for it. Default false. */
  readonly loudness?: boolean;
  /** How long a server of a URL may send nothing, in milliseconds, 100 to 3,600,000. Default 10,000. */
  readonly timeoutMs?: number;
  /** Ends the work. */
  readonly signal?: AbortSignal;
  /** Default `ffmpeg`. */
  readonly program?: string;
  /** Default `ffprobe`, which comes with ffmpeg. */
  readonly prober?: string;
}

/** What is told above is no rate, in pictures a second. */
export const MOST_PICTURES = 240;

const run = promisify(execFile);

/**
 * Streams, length and, if asked, loudness of any file that ffmpeg reads. Opens what `fromMedia` would, and nothing else.
 *
 * @param input - A path, or a URL of `file:`, `http:` or `https:`.
 * @throws TypeError for arguments that are not valid; SluiceError `SLUICE_FFMPEG_MISSING`, `SLUICE_FFMPEG_FAILED`
 * @example
 * const { audio, durationMs, loudness } = await probeMedia('song.mp3', { loudness: true });
 * console.log(audio[0]?.codec, durationMs, loudness?.integrated);
 */
export async function probeMedia(input: string | URL, options: ProbeMediaOptions = {}): Promise<MediaInfo> {
  checkKeys<ProbeMediaOptions>('probeMedia', options, {
    loudness: true,
    timeoutMs: true,
    signal: true,
    program: true,
    prober: true,
  });
  const { loudness = false, timeoutMs, signal, program = 'ffmpeg', prober = 'ffprobe' } = options;
  const media = mediaInput(input);
  const reading = ['-hide_banner', ...openingOf(media, timeoutMs)];
  const asked = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-i', media.url];
  const info = readInfo(JSON.parse((await ran(prober, [...reading, ...asked], media, signal)).stdout) as Probed);
  if (!loudness || info.audio.length === 0) return info;
  const measuring = ['-map', '0:a:0', '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'];
  const args = [...reading, '-nostdin', '-nostats', '-i', media.url, ...measuring];
  return { ...info, loudness: readLoudness((await ran(program, args, media, signal)).stderr) };
}

async function ran(program: string, args: readonly string[], media: MediaInput, signal: AbortSignal | undefined) {
  try {
    return await run(program, args, { signal, killSignal: 'SIGKILL', windowsHide: true, maxBuffer: 2 ** 24 });
  } catch (cause) {
    signal?.throwIfAborted();
    // It is no cause of what is thrown: it repeats the whole command, with the URL as it was given.
    const { code, stderr = '' } = cause as { code?: unknown; stderr?: string };
    if (typeof code === 'string')
      throw ffmpegError('SLUICE_FFMPEG_MISSING', `${program} cannot be run: ${code}`, {
        fix: 'Install it (apt-get install ffmpeg, brew install ffmpeg), or give the options program and prober',
      });
    const said = withoutSecrets(stderr.trim()).slice(-500);
    throw ffmpegError('SLUICE_FFMPEG_FAILED', `${program} does not read ${media.name}: ${said}`);
  }
}

interface Probed {
  readonly format: { readonly format_name: string; readonly duration?: string };
  readonly streams: readonly {
    readonly codec_type: string;
    readonly codec_name?: string;
    readonly sample_rate?: string;
    readonly channels?: number;
    readonly width?: number;
    readonly height?: number;
    readonly sample_aspect_ratio?: string;
    readonly avg_frame_rate?: string;
    readonly side_data_list?: readonly { readonly rotation?: number }[];
    readonly disposition?: { readonly attached_pic?: number };
  }[];
}

function readInfo({ format, streams }: Probed): MediaInfo {
  const sounds = streams.filter((stream) => stream.codec_type === 'audio');
  // The cover of a song is no film.
  const films = streams.filter((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  return {
    container: format.format_name,
    durationMs: format.duration === undefined ? undefined : Number(format.duration) * 1_000,
    audio: sounds.map(({ codec_name: codec = 'unknown', sample_rate, channels = 0 }) => {
      return { codec, sampleRate: Number(sample_rate ?? 0), channels };
    }),
    video: films.map((film) => ({
      codec: film.codec_name ?? 'unknown',
      ...shownSize(film),
      frameRate: rateOf(film.avg_frame_rate),
    })),
  };
}

/** In square pixels, and turned. */
function shownSize({ width = 0, height = 0, sample_aspect_ratio, side_data_list }: Probed['streams'][number]) {
  const [across = 0, down = 0] = (sample_aspect_ratio ?? '').split(':').map(Number);
  const wide = across > 0 && down > 0 ? Math.max(1, Math.round((width * across) / down)) : width;
  const turned = side_data_list?.some(({ rotation = 0 }) => Math.abs(rotation) % 180 === 90) === true;
  return turned ? { width: height, height: wide } : { width: wide, height };
}

/** Of some that begin with a burst, as browsers record, a rate is told that is their clock's: a million pictures a second. */
function rateOf(text = ''): VideoStreamInfo['frameRate'] {
  const [numerator = 0, denominator = 0] = text.split('/').map(Number);
  const rate = numerator / denominator;
  return rate > 0 && rate <= MOST_PICTURES ? { numerator, denominator } : undefined;
}

function readLoudness(words: string): Loudness {
  const summary = words.slice(words.lastIndexOf('Summary:'));
  const figure = (name: string) => Number(new RegExp(`\\b${name}:\\s+(-?[\\d.]+)`).exec(summary)?.[1] ?? Number.NaN);
  const integrated = figure('I');
  const truePeak = figure('Peak');
  return {
    // The gate of R128: what is below is not counted.
    integrated: integrated > -70 ? integrated : undefined,
    range: figure('LRA'),
    truePeak: Number.isNaN(truePeak) ? undefined : truePeak,
  };
}
