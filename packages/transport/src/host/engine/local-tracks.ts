import type { AudioSendSettings } from '../media-host.ts';
import type { EngineAudioSource } from './audio-source.ts';
import type { AudioSection, OpusParameters } from './session-description.ts';
import type { MediaTrack, Transceiver } from './wrtc.ts';

/** A track of ours under its name. */
export interface LocalTrack {
  readonly name: string;
  source: EngineAudioSource | null;
  track: MediaTrack | null;
  readonly settings: AudioSendSettings;
  transceiver: Transceiver | undefined;
  /** The offered m-line that it will be put on. */
  planned: string | undefined;
}

/** Whether two channels are sent: as asked for, else as the source has them. */
export function sendsStereo(local: LocalTrack): boolean {
  const asked = local.settings.channelConfig;
  return asked === undefined ? local.source?.channels === 2 : asked === 'stereo';
}

/** What our encoder does on a track's m-line. */
export function encoderParameters(local: LocalTrack): OpusParameters {
  return {
    stereo: sendsStereo(local),
    ...(local.settings.bitrate === undefined ? {} : { maxAverageBitrate: local.settings.bitrate }),
  };
}

/** Gives tracks without an m-line those of an offer that have room: nothing of ours there, and the right channels. */
export function planTracks(
  locals: Iterable<LocalTrack>,
  offered: readonly AudioSection[],
  own: ReadonlySet<string>,
): void {
  const free = offered.filter((section) => section.receives && !own.has(section.mid));
  for (const local of locals) {
    local.planned = undefined;
    if (local.transceiver?.mid != null) continue;
    const index = free.findIndex((section) => section.stereo || !sendsStereo(local));
    if (index >= 0) local.planned = free.splice(index, 1)[0]!.mid;
  }
}
