import { type Cancel, type Graph, graph, invalidArgument, toError } from '@sluice/core';
import type { RecordingLayout, RecordingSettings } from '@sluice/protocol';
import type { CallClient, Participant, RecordingRequest, RunningRecording } from '@sluice/transport';
import { enterRoom } from '../entry/enter-room.ts';
import type { ParticipantEntry, RecordingManifest } from './manifest.ts';
import { layoutOf, type RecorderConfig } from './recorder-options.ts';
import { RecordingFolder } from './recording-folder.ts';
import { audioTracks, subscriptionsFor, videoTracks } from './room-tracks.ts';
import { SoundFiles } from './sound-files.ts';
import { VideoWall } from './video-wall.ts';

/** How long files may take to be whole at the end, in milliseconds: hours of silence may have to be written. */
const FINISH_MS = 15 * 60_000;

interface Guest {
  readonly participant: Participant;
  leftAt: string | null;
}

/** One recording that runs. */
export class Recording implements RunningRecording {
  readonly ended: Promise<void>;
  /** Settles when the first sample is recorded, or never will be. */
  #begun: Promise<void> = Promise.resolve();
  readonly #config: RecorderConfig;
  readonly #request: RecordingRequest;
  readonly #client: CallClient;
  readonly #folder: RecordingFolder;
  readonly #bot: Graph;
  readonly #sound: SoundFiles;
  readonly #wall: VideoWall | undefined;
  readonly #guests = new Map<string, Guest>();
  readonly #layouts: { readonly layout: RecordingLayout; readonly at: number }[] = [];
  readonly #cancels: Cancel[] = [];
  #layout: RecordingLayout;
  #startedAt = new Date();
  #startMs = 0;
  #maxDuration: number | undefined;
  #cancelEnd: Cancel = () => {};
  /** What is being changed; one change at a time. */
  #changes: Promise<void> = Promise.resolve();
  #finishing = false;
  #lost: Error | undefined;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  private constructor(config: RecorderConfig, request: RecordingRequest, client: CallClient, folder: RecordingFolder) {
    this.#config = config;
    this.#request = request;
    this.#client = client;
    this.#folder = folder;
    this.#layout = layoutOf(request.settings);
    this.#maxDuration = request.settings.maxDuration;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.ended.catch(() => {});
    const { clock } = config;
    this.#bot = graph('recording', { clock, deadlines: { drainMs: FINISH_MS, stopMs: FINISH_MS, stallMs: FINISH_MS } });
    this.#sound = new SoundFiles(this.#bot, config, folder);
    if (this.#layout.preset !== 'audio-only')
      this.#wall = new VideoWall(this.#bot, request.settings, config.video, folder);
  }

  /** Enters the room and resolves; the recording begins in the next turn, when those who wait for this have told it. */
  static async start(config: RecorderConfig, request: RecordingRequest): Promise<Recording> {
    const { entry, settings, status } = request;
    const layout = layoutOf(settings);
    const folder = await RecordingFolder.create(config.folder, entry.room, new Date(), status.recordingId);
    const client = config.client();
    const recording = new Recording(config, request, client, folder);
    recording.#follow();
    try {
      await enterRoom(client, entry, subscriptionsFor(layout));
    } catch (error) {
      recording.#finishing = true;
      throw error;
    }
    recording.#begun = new Promise((resolve) => {
      config.clock.at(config.clock.now(), () => void recording.#begin().finally(resolve));
    });
    return recording;
  }

  async update(settings: RecordingSettings): Promise<void> {
    const layout = layoutOf(settings);
    const before = this.#request.settings;
    for (const key of ['video', 'audio'] as const)
      if (settings[key] !== undefined && JSON.stringify(settings[key]) !== JSON.stringify(before[key]))
        throw invalidArgument(
          `recording.${key}`,
          'what it was at the start: layout and duration change',
          settings[key],
        );
    if (this.#wall === undefined && layout.preset !== 'audio-only')
      throw invalidArgument('recording.layout', 'audio-only, as the recording began', layout.preset);
    this.#layout = layout;
    this.#maxDuration = settings.maxDuration;
    if (this.#bot.status === 'running') {
      this.#layouts.push({ layout, at: this.#sound.timeline.position });
      this.#limit();
    }
    await this.#client.updateSubscriptions(...subscriptionsFor(layout));
    await this.#change();
  }

  async stop(): Promise<void> {
    // What has not begun has nothing to end, and would count as failed.
    await this.#begun;
    void this.#finish();
    await this.ended.catch(() => {});
  }

  async #begin(): Promise<void> {
    if (this.#finishing) return;
    try {
      await this.#bot.start();
      // Sound and pictures have one beginning.
      await this.#wall?.begun;
      this.#startedAt = new Date();
      this.#startMs = this.#config.clock.now();
      this.#sound.timeline.start();
      this.#layouts.push({ layout: this.#layout, at: 0 });
      this.#bot.finished.catch((error) => this.#finish(toError(error)));
      this.#limit();
      await this.#change();
    } catch (error) {
      await this.#finish(toError(error));
    }
  }

  /** Ends it by itself when it has lasted for as long as it may. */
  #limit(): void {
    const { clock } = this.#config;
    this.#cancelEnd();
    this.#cancelEnd = () => {};
    if (this.#maxDuration === undefined) return;
    const end = this.#startMs + this.#maxDuration * 1_000;
    this.#cancelEnd = clock.at(Math.max(end, clock.now()), () => void this.#finish());
  }

  #follow(): void {
    const changed = () => void this.#change();
    const client = this.#client;
    this.#cancels.push(
      client.on('participant-joined', ({ participant }) => {
        this.#guests.set(participant.id, { participant, leftAt: null });
        changed();
      }),
      client.on('participant-updated', ({ participant }) => {
        const guest = this.#guests.get(participant.id);
        if (guest !== undefined) this.#guests.set(participant.id, { ...guest, participant });
        changed();
      }),
      client.on('participant-left', ({ participant }) => {
        const guest = this.#guests.get(participant.id);
        if (guest !== undefined) guest.leftAt = new Date().toISOString();
        changed();
      }),
      client.on('active-speaker-changed', changed),
      client.on('error', ({ error }) => {
        this.#lost = error;
      }),
      client.on('call-state-updated', ({ state }) => {
        if (state === 'left') void this.#finish(this.#lost);
      }),
    );
  }

  /** Brings the graph to what the room is now. */
  #change(): Promise<void> {
    const apply = async () => {
      if (this.#finishing || this.#bot.status !== 'running') return;
      const participants = this.#client.participants();
      const shown = videoTracks(participants, this.#layout, this.#client.activeSpeaker()?.id);
      const wall = this.#wall;
      if (wall?.differs(shown)) await this.#bot.change((edit) => wall.show(edit, this.#client, shown));
      await this.#sound.add(this.#client, audioTracks(participants, this.#layout));
    };
    this.#changes = this.#changes.then(apply).catch((error) => void this.#finish(toError(error)));
    return this.#changes;
  }

  async #finish(reason?: Error): Promise<void> {
    if (this.#finishing) return;
    this.#finishing = true;
    for (const cancel of [...this.#cancels, this.#cancelEnd]) cancel();
    await this.#changes;
    const samples = this.#sound.timeline.end();
    const dropped = this.#bot.inspect().links.reduce((sum, { droppedFrames }) => sum + droppedFrames, 0);
    if (reason === undefined || reason === this.#lost) await this.#bot.stop().catch(() => {});
    else this.#bot.abort(reason);
    const fault = (await this.#firstFault()) ?? reason;
    await this.#client.release().catch(() => {});
    const unwritten = await this.#folder.writeManifest(this.#manifest(samples, dropped, fault)).then(
      () => undefined,
      (error) => toError(error),
    );
    const error = fault ?? unwritten;
    if (error === undefined) this.#resolve();
    else this.#reject(error);
  }

  /** What went wrong with a file. */
  async #firstFault(): Promise<Error | undefined> {
    const sinks = [...this.#sound.sinks, ...(this.#wall === undefined ? [] : [this.#wall.sink])];
    const results = await Promise.allSettled(sinks.map(({ finished }) => finished));
    const faults = results.flatMap((result) => (result.status === 'rejected' ? [toError(result.reason)] : []));
    return faults.find(({ cause }) => cause !== undefined) ?? faults[0];
  }

  #manifest(samples: number, overflowedFrames: number, error: Error | undefined): RecordingManifest {
    const { entry, status, settings } = this.#request;
    const { sampleRate, channels } = this.#config;
    const endedAt = new Date(this.#startedAt.getTime() + (samples * 1_000) / sampleRate);
    return {
      format: 'sluice-recording/1',
      recordingId: status.recordingId,
      streamId: status.streamId,
      room: entry.room,
      startedBy: status.startedBy,
      startedAt: this.#startedAt.toISOString(),
      endedAt: endedAt.toISOString(),
      settings,
      layouts: this.#layouts,
      sampleRate,
      channels,
      samples,
      mix: this.#sound.mix,
      video: this.#wall?.entry ?? null,
      participants: [...this.#guests.values()].map((guest) => this.#entry(guest)),
      unrecordedTracks: this.#sound.refused,
      overflowedFrames,
      ...(error !== undefined && { error: faultOf(error) }),
    };
  }

  #entry({ participant: { id, info }, leftAt }: Guest): ParticipantEntry {
    const { userName, userId, joinedAt } = info;
    return { id, userName, userId, joinedAt, leftAt, tracks: this.#sound.entriesOf(id) };
  }
}

function faultOf(error: Error & { readonly code?: string }): { readonly code?: string; readonly message: string } {
  return { ...(error.code !== undefined && { code: error.code }), message: error.message };
}
