import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { AudioFrame, Source } from '@sluice/core';
import { fromWavFile } from '@sluice/nodes';
import { noFile, noSound, notInstalled, unreadUrl } from '../errors.ts';

/** A sound to be measured, and what else there is in its file. */
export interface SoundOf {
  readonly source: Source<AudioFrame>;
  /** The form of the file and its pictures, where ffmpeg reads it. */
  readonly media?: {
    readonly container: string;
    readonly codec: string;
    readonly video: readonly { readonly codec: string; readonly width: number; readonly height: number }[];
  };
}

/**
 * The sound of a file or a URL: WAV files by ourselves, all others by `@sluice/plugin-ffmpeg` where that is installed, at the rate
 * and with the channels of its first sound.
 *
 * @throws SLUICE_CLI_FILE, SLUICE_CLI_FORMAT for another protocol or no sound, SLUICE_CLI_ENVIRONMENT without the plugin, and what
 * it throws
 */
export async function soundOf(input: string, signal: AbortSignal): Promise<SoundOf> {
  // With a protocol of more than one letter: Windows has drives.
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(input);
  if (!isUrl) {
    const found = await stat(input).catch((error: unknown) => {
      throw noFile(input, error);
    });
    if (!found.isFile()) throw noFile(input, found.isDirectory() ? 'folder' : undefined);
  } else if (!/^(?:https?|file):/i.test(input)) throw unreadUrl(input);
  if (!isUrl && /^\.wave?$/i.test(extname(input))) return { source: fromWavFile(input) };
  const { fromMedia, probeMedia } = await import('@sluice/plugin-ffmpeg').catch((error: unknown) => {
    const what = `${input} is read by ffmpeg, and @sluice/plugin-ffmpeg is not installed`;
    throw notInstalled(what, 'npm install --save-dev @sluice/plugin-ffmpeg', error);
  });
  const { container, audio, video } = await probeMedia(input, { signal });
  const [first] = audio;
  if (first === undefined) throw noSound(input, container);
  const { codec, sampleRate, channels } = first;
  const pictures = video.map(({ codec, width, height }) => ({ codec, width, height }));
  return { source: fromMedia(input, { sampleRate, channels }).audio, media: { container, codec, video: pictures } };
}
