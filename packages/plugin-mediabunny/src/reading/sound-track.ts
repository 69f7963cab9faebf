import { channelRange, outOfRange, sampleRateRange } from '@sluice/core';
import { ALL_FORMATS, HLS, Input, type InputAudioTrack, Logging, LogLevel } from 'mediabunny';
import { containerError, readingError } from '../errors.ts';
import type { ContainerBytes } from '../input/container-bytes.ts';
import type { CheckedInput } from '../input/container-input.ts';
import { guardedSource } from '../input/guarded-source.ts';
import { codingOf, type SampleCoding } from './sample-decoder.ts';

/** All but playlists, which name other files: who gives out a file must not choose what else is opened. */
const formats = ALL_FORMATS.filter((format) => format !== HLS);

/** Sound that is open to be read. */
export interface SoundTrack {
  readonly name: string;
  readonly track: InputAudioTrack;
  /** Undefined where a decoder that somebody has registered is needed. */
  readonly coding: SampleCoding | undefined;
  readonly sampleRate: number;
  readonly channels: number;
  /** The first moment of anything in the file, in seconds. */
  readonly zero: number;
  /** Whether times in the file are as fine as samples. */
  readonly exact: boolean;
  /** In seconds, as the file says; undefined where it says nothing. */
  readonly duration: number | undefined;
  readonly bytes: ContainerBytes;
  close(): Promise<void>;
}

/** Opens a container. Rejects with an error of this package. */
export async function openInput(
  checked: CheckedInput,
): Promise<{ readonly input: Input; readonly bytes: ContainerBytes; close(): Promise<void> }> {
  // It prints by default; who has chosen a level keeps it.
  if (Logging.level === LogLevel.Info) Logging.level = LogLevel.Silent;
  const bytes = await checked.open();
  const input = new Input({ formats, source: guardedSource(bytes.source, checked.name) });
  const close = async () => {
    input.dispose();
    await bytes.close();
  };
  return { input, bytes, close };
}

/**
 * Opens the sound of a container.
 *
 * @param index which of its tracks of sound, from 0
 * @throws SluiceError `SLUICE_CONTAINER_READ`, `SLUICE_CONTAINER_FORMAT`, `SLUICE_CONTAINER_CODEC`; RangeError for a track that is not there
 */
export async function openSoundTrack(checked: CheckedInput, index: number): Promise<SoundTrack> {
  const { input, bytes, close } = await openInput(checked);
  try {
    const track = await chooseTrack(input, checked.name, index);
    const codec = await track.getCodec();
    const coding = codec === null ? undefined : codingOf(codec);
    if (coding === undefined && (codec === null || !(await track.canDecode())))
      throw undecodable(checked.name, codec ?? (await track.getInternalCodecId()));
    const [sampleRate, channels] = [await track.getSampleRate(), await track.getNumberOfChannels()];
    checkFormat(checked.name, sampleRate, channels);
    return {
      name: checked.name,
      track,
      coding,
      sampleRate,
      channels,
      zero: Math.max(0, await input.getFirstTimestamp()),
      exact: (await track.getTimeResolution()) % sampleRate === 0,
      duration: (await track.getDurationFromMetadata()) ?? undefined,
      bytes,
      close,
    };
  } catch (error) {
    await close();
    throw error instanceof RangeError && 'code' in error ? error : readingError(checked.name, error);
  }
}

async function chooseTrack(input: Input, name: string, index: number): Promise<InputAudioTrack> {
  const tracks = await input.getAudioTracks();
  const track = tracks[index];
  if (track !== undefined) return track;
  if (tracks.length > 0) throw outOfRange('track', `0 to ${tracks.length - 1}, in ${name}`, index);
  const { name: format } = await input.getFormat();
  if ((await input.getTracks()).length === 0) throw new Error(`${format} without a track`);
  const pictures = await Promise.all((await input.getVideoTracks()).map((one) => one.getCodec()));
  throw containerError('SLUICE_CONTAINER_CODEC', `${name} has no sound`, {
    expected: 'a track of sound',
    received: pictures.length > 0 ? `${format} with pictures (${pictures.join(', ')})` : format,
    fix: 'fromMedia of @sluice/plugin-ffmpeg has pictures, and reads more codecs',
  });
}

function undecodable(name: string, codec: unknown): Error {
  return containerError('SLUICE_CONTAINER_CODEC', `${name} is coded in ${String(codec)}, which needs a decoder`, {
    expected: 'PCM or G.711, which are read without one',
    received: codec,
    fix:
      'Use fromMedia of @sluice/plugin-ffmpeg; or register a decoder with mediabunny (registerDecoder, as ' +
      '@mediabunny/server does)',
  });
}

function checkFormat(name: string, sampleRate: number, channels: number): void {
  const { min, max } = sampleRateRange;
  const whole = Number.isInteger(sampleRate) && Number.isInteger(channels);
  const within = sampleRate >= min && sampleRate <= max && channels >= channelRange.min && channels <= channelRange.max;
  if (whole && within) return;
  throw containerError('SLUICE_CONTAINER_FORMAT', `${name} has sound of a form that frames cannot have`, {
    expected: `${min} to ${max} Hz and ${channelRange.min} to ${channelRange.max} channels`,
    received: `${sampleRate} Hz, ${channels} channels`,
  });
}
