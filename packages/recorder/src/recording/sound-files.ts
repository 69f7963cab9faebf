import { type AudioFrame, type Graph, type LinkOptions, type Sink, samplesToMicros } from '@sluice/core';
import { mixer, toWavFile, type WavFileResult } from '@sluice/nodes';
import { type CallClient, fromParticipantAudio } from '@sluice/transport';
import { GRAIN_MS, RecordingTimeline } from '../timeline/recording-timeline.ts';
import type { Voice } from '../timeline/voice.ts';
import type { TrackEntry } from './manifest.ts';
import type { RecorderConfig } from './recorder-options.ts';
import type { RecordingFolder } from './recording-folder.ts';
import type { RoomTrack } from './room-tracks.ts';

/** What may wait for the disk, which may have an hour of silence to write first. */
const toDisk: LinkOptions = { policy: 'drop-oldest', capacity: { ms: 30_000 } };
const toMix: LinkOptions = { policy: 'drop-oldest', capacity: { ms: 10_000 } };

interface TrackFile {
  readonly track: RoomTrack;
  readonly voice: Voice;
  readonly file: string;
}

/** The sound of a recording: a file for each track and one for all, on one line. */
export class SoundFiles {
  readonly mix = 'mix.wav';
  readonly timeline: RecordingTimeline;
  /** Those that were made. */
  readonly sinks: Sink<AudioFrame, WavFileResult>[] = [];
  readonly #bot: Graph;
  readonly #config: RecorderConfig;
  readonly #folder: RecordingFolder;
  readonly #files = new Map<string, TrackFile>();
  readonly #refused = new Set<string>();
  readonly #mixer;

  constructor(bot: Graph, config: RecorderConfig, folder: RecordingFolder) {
    const { clock, sampleRate, channels } = config;
    this.#bot = bot;
    this.#config = config;
    this.#folder = folder;
    this.timeline = new RecordingTimeline({ clock, sampleRate, channels });
    this.#mixer = bot.add(mixer({ sampleRate, channels, frameMs: GRAIN_MS, timing: 'inputs' }), { name: 'mix' });
    bot.from(this.timeline.ruler).with({ link: toMix }).to(this.#mixer.input('ruler'));
    this.#mixer.out.out.with({ link: toDisk }).to(this.#file(this.mix));
  }

  /** Tracks that found no file. */
  get refused(): number {
    return this.#refused.size;
  }

  /** Gives a file to those that have none, and lets them into the mix. */
  async add(client: CallClient, tracks: readonly RoomTrack[]): Promise<void> {
    const added = tracks.filter(({ key }) => !this.#files.has(key) && !this.#refused.has(key)).filter(this.#fits);
    if (added.length === 0) return;
    const files = added.map((track): TrackFile => {
      const file = this.#folder.name(track.participant.info.userName, track.source, 'wav');
      return { track, file, voice: this.timeline.add() };
    });
    await this.#bot.change((edit) => {
      for (const { track, file, voice } of files) {
        const { participant, source: audioSource } = track;
        const { sampleRate } = this.#config;
        edit.from(fromParticipantAudio(client, participant.id, { audioSource, sampleRate })).to(voice.heard);
        edit.from(voice.track).with({ link: toDisk }).to(this.#file(file));
      }
    });
    for (const one of files) this.#files.set(one.track.key, one);
    // Files take time to open; a place in the mix is good for half a second.
    await this.#bot.change((edit) => {
      const { entry, format } = this.timeline;
      for (const { file, voice } of files) {
        const input = this.#mixer.input(file, { startAt: samplesToMicros(entry, format.sampleRate) });
        edit.from(voice.mixedFrom(entry)).with({ link: toMix }).to(input);
      }
    });
  }

  /** What the manifest says of somebody's tracks. */
  entriesOf(participantId: string): TrackEntry[] {
    return [...this.#files.values()]
      .filter(({ track }) => track.participant.id === participantId)
      .map(({ track: { source }, file, voice: { line } }) => ({
        source,
        file,
        firstSample: line.first ?? null,
        heardSamples: line.heard,
        lostSamples: line.lost,
        corrections: line.corrections,
        gapCount: line.gapCount,
        gaps: line.gaps,
      }));
  }

  readonly #fits = ({ key }: RoomTrack, index: number): boolean => {
    if (this.#files.size + index < this.#config.maxTracks) return true;
    this.#refused.add(key);
    return false;
  };

  #file(name: string): Sink<AudioFrame, WavFileResult> {
    const { sampleRate, channels } = this.#config;
    const sink = toWavFile(this.#folder.file(name), { sampleRate, channels });
    this.sinks.push(sink);
    return sink;
  }
}
