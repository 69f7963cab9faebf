import { EncodedPacketSink, type Input, type InputAudioTrack, type MetadataTags } from 'mediabunny';
import { readingError } from './errors.ts';
import { type ContainerInput, checkInput } from './input/container-input.ts';
import { codingOf } from './reading/sample-decoder.ts';
import { openInput } from './reading/sound-track.ts';

/** A track of sound. */
export interface ContainerSound {
  /** As mediabunny names it: `pcm-s16`, `ulaw`, `aac`; else as the container does. */
  readonly codec: string;
  /** Hz. */
  readonly sampleRate: number;
  /** How many, 1 or more. */
  readonly channels: number;
  /** ISO 639-2, `und` where the file does not say. */
  readonly language: string;
  /** Whether `fromContainer` reads it, alone or by a decoder that is registered. */
  readonly readable: boolean;
}

/** A track of pictures, which `fromContainer` does not read. */
export interface ContainerPictures {
  /** As mediabunny names it: `avc`, `vp9`; else as the container does. */
  readonly codec: string;
  /** Pixels, as it is shown. */
  readonly width: number;
  /** Pixels, as it is shown. */
  readonly height: number;
}

/** What is in a container. */
export interface ContainerDescription {
  /** `WAVE`, `MP4`, `Matroska`. */
  readonly container: string;
  /** In milliseconds, from the zero of the file. */
  readonly durationMs: number;
  /** Its tracks of sound, as `fromContainer` counts them. */
  readonly audio: readonly ContainerSound[];
  /** Its tracks of pictures. */
  readonly video: readonly ContainerPictures[];
  /** Title, artist, album, comment and the like, as far as they are text. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Tells what is in a container: tracks, length, tags. Of a stream it takes all of it.
 *
 * @throws TypeError at once for an input that is none
 */
export async function describeContainer(input: ContainerInput): Promise<ContainerDescription> {
  const checked = checkInput(input);
  const { input: file, close } = await openInput(checked);
  try {
    const zero = Math.max(0, await file.getFirstTimestamp());
    return {
      container: (await file.getFormat()).name,
      audio: await soundsOf(file),
      video: await picturesOf(file),
      tags: textOf(await file.getMetadataTags()),
      durationMs: Math.round(((await endOf(file)) - zero) * 1_000_000) / 1_000,
    };
  } catch (error) {
    throw readingError(checked.name, error);
  } finally {
    await close();
  }
}

/** In seconds. */
async function endOf(file: Input): Promise<number> {
  const told = (await file.getDurationFromMetadata()) ?? 0;
  const ends = await Promise.all((await file.getAudioTracks()).map(endOfSound));
  return Math.max(told, await file.computeDuration(), ...ends);
}

/** The library leaves the last packet out where the container does not tell its length; of PCM its bytes do. */
async function endOfSound(track: InputAudioTrack): Promise<number> {
  const coding = codingOf((await track.getCodec()) ?? '');
  const last = await new EncodedPacketSink(track).getPacket(Number.POSITIVE_INFINITY, { metadataOnly: true });
  if (coding === undefined || last === null) return 0;
  const samples = Math.floor(last.byteLength / coding.bytes / (await track.getNumberOfChannels()));
  return last.timestamp + samples / (await track.getSampleRate());
}

async function soundsOf(file: Input): Promise<ContainerSound[]> {
  const tracks = await file.getAudioTracks();
  return await Promise.all(
    tracks.map(async (track) => {
      const codec = await track.getCodec();
      return {
        codec: codec ?? String(await track.getInternalCodecId()),
        sampleRate: await track.getSampleRate(),
        channels: await track.getNumberOfChannels(),
        language: await track.getLanguageCode(),
        readable: codec !== null && (codingOf(codec) !== undefined || (await track.canDecode())),
      };
    }),
  );
}

async function picturesOf(file: Input): Promise<ContainerPictures[]> {
  const tracks = await file.getVideoTracks();
  return await Promise.all(
    tracks.map(async (track) => ({
      codec: (await track.getCodec()) ?? String(await track.getInternalCodecId()),
      width: await track.getDisplayWidth(),
      height: await track.getDisplayHeight(),
    })),
  );
}

function textOf(tags: MetadataTags): Record<string, string> {
  const text = Object.entries(tags).filter((tag): tag is [string, string] => typeof tag[1] === 'string');
  return Object.fromEntries(text);
}
