import { pullSource, type Source, type VideoFrame } from '@sluice/core';
import { ffmpegError } from '../errors.ts';
import { mediaInput, streamInput } from '../program/media-input.ts';
import { DecoderProcess } from './decoder-process.ts';
import { type PictureFormat, PicturePuller } from './picture-puller.ts';
import { MOST_PICTURES, probeMedia } from './probe-media.ts';
import { RepeatedDecoder } from './repeated-decoder.ts';
import type { SharedStream } from './shared-stream.ts';
import { Y4mPictures } from './y4m-pictures.ts';

/** Pictures a second of what does not tell, or tells what is none. */
const USUAL_RATE = 30;

/** How pictures are read. */
export interface PictureReading {
  readonly program: string;
  /** Arguments that end with the input. */
  readonly reading: readonly string[];
  readonly startMs: number;
  readonly durationMs: number | undefined;
}

/** Pictures of a file, whose size is asked for first. */
export function picturesOfFile(
  file: string | URL,
  how: Omit<PictureReading, 'reading'> & {
    readonly reading: () => Promise<readonly string[]>;
    readonly prober: string;
    readonly timeoutMs: number | undefined;
    readonly times: number;
  },
): Source<VideoFrame> {
  const { program, prober, timeoutMs, times } = how;
  const look = () => formatOf(file, prober, timeoutMs);
  const prepare = async () => {
    const { width, height } = await look();
    return { kind: 'video', width, height, format: 'I420' } as const;
  };
  return pullSource<VideoFrame>({ name: 'fromMedia', prepare }, async (context) => {
    const format = await look();
    const { width, height, rate } = format;
    const cadence = `fps=${rate.numerator}/${rate.denominator}:start_time=0`;
    const part = { ...how, reading: await how.reading() };
    const args = showing(part, `${cadence},${inI420(`${width}:${height}:`)}`, ['rawvideo', '-vsync', 'passthrough']);
    const decoder = new RepeatedDecoder(() => new DecoderProcess(program, args, mediaInput(file)), times);
    return new PicturePuller(decoder, format, context);
  });
}

/** Pictures of a stream, whose size and rate are known when the first of them are read. */
export function picturesOfStream(stream: SharedStream, how: PictureReading): Source<VideoFrame> {
  const cadence = `fps='if(between(source_fps,0.001,${MOST_PICTURES}),source_fps,${USUAL_RATE})':start_time=0`;
  const size = "w='max(1,round(iw*sar))':h=ih:";
  const args = showing(how, `${cadence},${inI420(size)}`, ['yuv4mpegpipe', '-vsync', 'passthrough']);
  return pullSource<VideoFrame>({ name: 'fromMedia' }, async (context) => {
    const decoder = new DecoderProcess(how.program, args, streamInput, stream.open('pictures'));
    const { format, pictures } = await Y4mPictures.open(decoder);
    return new PicturePuller(pictures, format, context);
  });
}

/** The part is cut first, so that its first picture is shown from 0 on. */
function showing(
  { reading, startMs, durationMs }: PictureReading,
  filters: string,
  form: readonly string[],
): readonly string[] {
  const start = startMs / 1_000;
  const length = durationMs === undefined ? '' : `:duration=${durationMs / 1_000}`;
  const part = `trim=start=${start}${length},setpts=PTS-${start}/TB`;
  return [...reading, '-map', '0:V:0', '-vf', `${part},${filters}`, '-f', ...form, 'pipe:1'];
}

/** @param size `160:90:`, in square pixels */
function inI420(size: string): string {
  return `scale=${size}out_color_matrix=bt601:out_range=tv,format=yuv420p`;
}

async function formatOf(input: string | URL, prober: string, timeoutMs: number | undefined): Promise<PictureFormat> {
  const {
    video: [film],
  } = await probeMedia(input, { prober, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  if (film === undefined)
    throw ffmpegError('SLUICE_FFMPEG_FAILED', 'there are no pictures in the file', {
      received: mediaInput(input).name,
    });
  return { width: film.width, height: film.height, rate: film.frameRate ?? { numerator: USUAL_RATE, denominator: 1 } };
}
