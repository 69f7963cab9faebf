import type { Graph, GraphChange, NodeRef, Sink, VideoFrame } from '@sluice/core';
import { type Color, composite, tap, toY4mFile } from '@sluice/nodes';
import type { RecordingSettings } from '@sluice/protocol';
import { type CallClient, fromParticipantVideo } from '@sluice/transport';
import type { VideoEntry } from './manifest.ts';
import type { RecorderConfig } from './recorder-options.ts';
import type { RecordingFolder } from './recording-folder.ts';
import type { RoomTrack } from './room-tracks.ts';

/** How long the last picture of a track that brings no more is shown, in milliseconds. */
const STALE_MS = 5_000;
/** Pictures that may wait for the disk; each that is lost is stood for by the one before it. */
const WAITING = 15;

/** The pictures of a recording: those who are shown, in cells of one picture, on their way to a file. */
export class VideoWall {
  readonly entry: VideoEntry;
  /** Where the pictures go. */
  readonly sink: Sink<VideoFrame, unknown>;
  readonly #shown = new Map<string, NodeRef>();
  readonly #grid;
  #inputs = 0;
  #begin: () => void = () => {};
  /** Resolves when the first picture has been made. */
  readonly begun = new Promise<void>((resolve) => {
    this.#begin = resolve;
  });

  constructor(
    bot: Graph,
    { video = {} }: RecordingSettings,
    encoder: RecorderConfig['video'],
    folder: RecordingFolder,
  ) {
    const { width = 640, height = 360, fps: frameRate = 15, backgroundColor = '000000', bitrate } = video;
    const background: Color = `#${backgroundColor.replace('#', '')}`;
    const encoded = encoder?.({ path: folder.file('video'), width, height, frameRate, bitrate });
    const file = encoded?.file ?? 'video.y4m';
    this.entry = { file, width, height, frameRate };
    this.sink = encoded?.sink ?? toY4mFile(folder.file(file), { frameRate });
    this.#grid = bot.add(composite({ width, height, frameRate, background, staleMs: STALE_MS }), { name: 'grid' });
    const link = { policy: 'drop-oldest', capacity: { frames: WAITING } } as const;
    this.#grid.out.out
      .pipe(tap(() => this.#begin()))
      .with({ link })
      .to(this.sink);
  }

  /** Whether other tracks are shown than those. */
  differs(tracks: readonly RoomTrack[]): boolean {
    return tracks.length !== this.#shown.size || tracks.some(({ key }) => !this.#shown.has(key));
  }

  /** Shows these tracks and no others. */
  show(edit: GraphChange, client: CallClient, tracks: readonly RoomTrack[]): void {
    const wanted = new Set(tracks.map(({ key }) => key));
    for (const [key, node] of this.#shown) {
      if (wanted.has(key)) continue;
      edit.remove(node, { drain: false });
      this.#shown.delete(key);
    }
    for (const { key, participant, source } of tracks) {
      if (this.#shown.has(key)) continue;
      const pictures = fromParticipantVideo(client, participant.id, { videoSource: source, colorFormat: 'I420' });
      const flow = edit.from(pictures, { name: `pictures-${++this.#inputs}` });
      flow.to(this.#grid.input(`input-${this.#inputs}`));
      this.#shown.set(key, flow.node);
    }
  }
}
