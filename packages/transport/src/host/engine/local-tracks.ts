import type { AudioSendSettings, VideoSendSettings } from '../media-host.ts';
import type { EngineAudioSource } from './audio-source.ts';
import type { MediaSection, OpusParameters, VideoParameters } from './session-description.ts';
import type { EngineVideoSource } from './video-source.ts';
import type { VideoTap } from './video-tap.ts';
import type { MediaTrack, Transceiver } from './wrtc.ts';

/** A track of ours under its name. */
export type LocalTrack = LocalAudio | LocalVideo;

interface LocalBase {
  readonly name: string;
  track: MediaTrack | null;
  transceiver: Transceiver | undefined;
  /** The offered m-line that it will be put on. */
  planned: string | undefined;
}

export interface LocalAudio extends LocalBase {
  readonly kind: 'audio';
  source: EngineAudioSource | null;
  /** Of the last source: what is off, or not sent yet, is negotiated as it will be. */
  channels: number;
  readonly settings: AudioSendSettings;
}

export interface LocalVideo extends LocalBase {
  readonly kind: 'video';
  source: EngineVideoSource | null;
  settings: VideoSendSettings;
  tap: VideoTap | undefined;
}

/** Gives a track what its source sends. */
export function openTrack(local: LocalTrack): void {
  if (local.kind === 'audio') {
    local.track = local.source?.track ?? null;
    local.channels = local.source?.channels ?? local.channels;
  } else {
    local.tap = local.source?.open(local.settings);
    local.track = local.tap?.track ?? null;
  }
}

/** Sound has one track for all connections, which ends with its source. */
export function closeTrack(local: LocalTrack): void {
  if (local.kind === 'video') local.tap?.close();
}

/** Whether two channels are sent: as asked for, else as the source has them. */
export function sendsStereo(local: LocalTrack): boolean {
  if (local.kind === 'video') return false;
  const asked = local.settings.channelConfig;
  return asked === undefined ? local.channels === 2 : asked === 'stereo';
}

/**
 * With what each video track begins, in bits per second. The engine's own 300,000 for a whole connection make it drop the
 * first four pictures from 320x240 up, and again when pictures grow: so little a bit rate would not do them justice.
 */
const START_BITRATE = 1_000_000;

/**
 * What our encoder does on a track's m-line; `videoTracks` of the connection share the bit rate, and `bound`, the most that they
 * may take together in bits per second.
 */
export function encoderParameters(
  local: LocalTrack,
  videoTracks: number,
  bound = Number.POSITIVE_INFINITY,
): OpusParameters & VideoParameters {
  if (local.kind === 'video') {
    const { codec, maxBitrate } = local.settings;
    const most = Math.min(maxBitrate ?? Number.POSITIVE_INFINITY, bound / videoTracks);
    return {
      ...(codec === undefined ? {} : { codec }),
      ...(Number.isFinite(most) ? { maxBitrate: most } : {}),
      startBitrate: Math.min(START_BITRATE * videoTracks, maxBitrate ?? Number.POSITIVE_INFINITY),
    };
  }
  return {
    stereo: sendsStereo(local),
    ...(local.settings.bitrate === undefined ? {} : { maxAverageBitrate: local.settings.bitrate }),
    ...(local.settings.redundancy === true ? { redundancy: true } : {}),
  };
}

/** Tracks of one stream are played in step by the far side: what is said and the face that says it. */
export function streamOf(name: string): string {
  if (name === 'microphone' || name === 'camera') return 'sluice';
  return name === 'screenAudio' || name === 'screenVideo' ? 'sluice-screen' : `sluice-${name.replace(/\W/g, '-')}`;
}

/** Gives tracks without an m-line those of an offer that have room: nothing of ours there, and the right channels. */
export function planTracks(
  locals: Iterable<LocalTrack>,
  offered: readonly MediaSection[],
  own: ReadonlySet<string>,
): void {
  const free = offered.filter((section) => section.receives && !own.has(section.mid));
  for (const local of locals) {
    local.planned = undefined;
    if (local.transceiver?.mid != null) continue;
    const index = free.findIndex((section) => section.kind === local.kind && (section.stereo || !sendsStereo(local)));
    if (index >= 0) local.planned = free.splice(index, 1)[0]!.mid;
  }
}
