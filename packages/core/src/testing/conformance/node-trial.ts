import assert from 'node:assert/strict';
import type { AudioFormat } from '../../media/audio-format.ts';
import type { AudioFrame } from '../../media/audio-frame.ts';
import { closeFrame, type Frame } from '../../media/frame.ts';
import type { Gap } from '../../media/gap.ts';
import { isAudioConstraint, isVideoConstraint, prefer } from '../../media/media-format.ts';
import type { VideoFormat } from '../../media/video-format.ts';
import { videoFramePool } from '../../media/video-frame-pool.ts';
import type { NodeBlueprint } from '../../node/define-node.ts';
import type { PortSpec } from '../../node/port.ts';
import { type NodeHarness, nodeHarness } from '../node-harness.ts';
import { audioFormats } from './audio-checks.ts';
import type { NodeProfile } from './node-profile.ts';
import { realTurn } from './real-turn.ts';
import { pictureAt, soundAt } from './trial-frames.ts';
import { videoFormats } from './video-checks.ts';
import { type NodeWatch, WatchedNode } from './watched-node.ts';

export type MakeNode = () => NodeBlueprint;

/** How a node is tried. */
export interface TrialOptions {
  readonly watch?: NodeWatch;
  /** Frames that its outputs have room for, none of which is taken but by `take`. Default: all, taken at once. */
  readonly room?: number;
}

/** What is special about the frames of a feed. */
export interface Feed {
  /** Samples per channel; pictures keep their size. Default 20 ms. */
  readonly lengths?: readonly number[];
  /** Width and height, where the port takes any. */
  readonly sizes?: readonly (readonly [number, number])[];
  /** Zeros in place of a signal. */
  readonly silent?: boolean;
  /** The other format of the two that conformance knows, whatever the port asks for: the link converts. */
  readonly otherFormat?: boolean;
  /** 20 ms of audio, 640x360: what is large enough to judge whether the loop is held up. */
  readonly load?: boolean;
  readonly gap?: Gap;
  readonly utterance?: string;
  /** Virtual time between two frames, in milliseconds. Default 20. */
  readonly stepMs?: number;
  /** Sees each frame before the node gets it. */
  readonly look?: (frame: Frame) => void;
}

export interface Emitted {
  readonly name: string;
  readonly frame: Frame;
  readonly spec: PortSpec;
  /** Milliseconds of the clock. */
  readonly at: number;
}

const loadPicture: VideoFormat = { width: 640, height: 360, format: 'I420' };
/** Real time that a node gets for work that it did not tell the clock of: that has a check of its own. */
const PATIENCE_MS = 1_000;

/** One node in a graph of its own, fed with what its ports take. Judges nothing by itself. */
export class NodeTrial implements AsyncDisposable {
  readonly h: NodeHarness;
  readonly node: WatchedNode;
  readonly ports: ReadonlyMap<string, PortSpec>;
  readonly #blueprint: NodeBlueprint;
  readonly #profile: NodeProfile;
  readonly #seed: number;
  readonly #buffers = videoFramePool.stats.openBuffers;
  #fed = 0;
  #samples = new Map<string, number>();
  #epoch = 0;

  static async open(
    make: MakeNode,
    profile: NodeProfile,
    seed: number,
    options: TrialOptions = {},
  ): Promise<NodeTrial> {
    const blueprint = make();
    const node = new WatchedNode(blueprint, options.watch);
    const inputs = profile.inputs ?? (blueprint.dynamicInputs === undefined ? {} : { one: {}, two: {} });
    const { room } = options;
    const h = await nodeHarness(node.blueprint, { inputs, ...(room === undefined ? {} : { room, manual: true }) });
    return new NodeTrial(h, node, blueprint, Object.keys(inputs), profile, seed);
  }

  private constructor(
    h: NodeHarness,
    node: WatchedNode,
    blueprint: NodeBlueprint,
    added: readonly string[],
    profile: NodeProfile,
    seed: number,
  ) {
    this.h = h;
    this.node = node;
    this.ports = new Map([
      ...Object.entries(blueprint.inputs),
      ...added.map((name) => [name, blueprint.dynamicInputs!] as const),
    ]);
    this.#blueprint = blueprint;
    this.#profile = profile;
    this.#seed = seed;
  }

  /** What left, oldest first of each output, with what the output declares. */
  get emitted(): readonly Emitted[] {
    return Object.entries(this.#blueprint.outputs).flatMap(([name, spec]) =>
      this.h.outputs(name).map(({ frame, at }) => ({ name, frame, spec, at })),
    );
  }

  /** Frames of an interrupted epoch that are open and did not leave. */
  get stale(): number {
    return this.#open((frame) => ((frame as Frame).epoch ?? 0) < this.#epoch);
  }

  /** Frames that went into the node, or were made by it, and are open. */
  get keptByNode(): number {
    return this.#open((_, node) => node === 'node');
  }

  /** Buffers that are out of the pool and were not when it began. */
  get buffers(): number {
    return videoFramePool.stats.openBuffers - this.#buffers;
  }

  /** Makes the next frame of a port. */
  frame(port: string, feed: Feed = {}, index = this.#fed): Frame {
    const frame = this.#profile.frames?.(port, index) ?? this.#media(port, feed, index);
    const { gap, utterance } = feed;
    const change = { ...(gap === undefined ? {} : { gap }), ...(utterance === undefined ? {} : { utterance }) };
    // Frames of one's own need not be movable.
    const moved = (frame as Partial<AudioFrame>).move?.(change) ?? Object.assign(frame, change);
    if (this.#epoch > 0) (moved as { epoch?: number }).epoch = this.#epoch;
    return moved as Frame;
  }

  /** Gives every port so many frames more, and time between them. */
  async feed(count: number, feed: Feed = {}): Promise<void> {
    for (let index = 0; index < count; index++, this.#fed++) {
      for (const port of this.ports.keys()) {
        const frame = this.frame(port, feed);
        feed.look?.(frame);
        this.h.push(port, frame);
      }
      await this.h.advance(feed.stepMs ?? 20);
    }
    await this.calm();
  }

  /** Feeds it until it has to wait, with something of it on the way. Only with `room`. */
  async crowd(): Promise<void> {
    await this.feed(6);
    this.take();
    await this.feed(2);
  }

  /** Interrupts; what is fed from now on is of the new epoch. */
  async interrupt(): Promise<void> {
    const interrupted = this.h.interrupt();
    await this.h.settle();
    this.#epoch = (await interrupted).epoch;
  }

  /** Takes one frame of each output that holds one. */
  take(): boolean {
    return Object.keys(this.#blueprint.outputs)
      .map((name) => this.h.take(name))
      .some((taken) => taken);
  }

  /** Lets handlers come to an end that wait for something that the clock does not know of. */
  async calm(): Promise<void> {
    for (let turns = 0; turns < 10 && this.#busy(); turns++) await realTurn();
  }

  /** Ends the inputs, and the graph of a node that outlives them; returns what became of it within the limit. */
  async end(limitMs = 60_000): Promise<NodeHarness['status']> {
    const { outlivesInputs = false, isSource = false } = this.#profile;
    this.h.end();
    if (outlivesInputs || isSource) this.h.stop().catch(() => {});
    return this.over(limitMs);
  }

  /** What becomes of it while so much time passes. */
  async over(limitMs: number): Promise<NodeHarness['status']> {
    for (let left = limitMs; left > 0 && this.h.status === 'running'; left -= 100) await this.h.advance(100);
    for (let left = PATIENCE_MS; left > 0 && this.#busy(); left--) await realTurn();
    return this.h.status;
  }

  /** Fails unless it has ended in order. */
  assertDone(): void {
    if (this.h.status === 'failed') throw this.h.error;
    assert.equal(this.h.status, 'done', 'it does not end');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A node that leaves timers behind is judged elsewhere.
    await this.h[Symbol.asyncDispose]().catch(() => this.h.close());
    for (const { frame } of this.h.frames.list()) closeFrame(frame as unknown as Frame);
  }

  #open(matches: (frame: unknown, node: string) => boolean): number {
    const left = new Set<unknown>(this.emitted.map(({ frame }) => frame));
    return this.h.frames.list().filter(({ frame, node }) => !left.has(frame) && matches(frame, node)).length;
  }

  #busy(): boolean {
    const node = this.h.inspect().nodes.find(({ id }) => id === 'node');
    return this.h.status === 'running' && node !== undefined && node.held > 0 && !node.waiting;
  }

  #media(port: string, feed: Feed, index: number): Frame {
    const constraint = this.ports.get(port)?.constraint;
    if (isVideoConstraint(constraint)) {
      const { width, height, format } = feed.load ? loadPicture : videoFormats[feed.otherFormat ? 1 : 0];
      const [wide, high] = feed.sizes?.[index % feed.sizes.length] ?? [width, height];
      const picture = pictureAt(
        index,
        {
          width: prefer(constraint.width, wide),
          height: prefer(constraint.height, high),
          format: feed.otherFormat ? format : prefer(constraint.format, format),
        },
        this.#seed,
      );
      if (feed.silent) picture.data.fill(0);
      return picture;
    }
    if (constraint !== undefined && constraint.kind !== 'any' && !isAudioConstraint(constraint))
      throw new TypeError(`the port ${port} takes ${constraint.kind}: give conform the frames by profile.frames`);
    const wanted = isAudioConstraint(constraint) ? constraint : undefined;
    const { sampleRate, channels } = audioFormats[feed.otherFormat ? 1 : 0];
    const format: AudioFormat = feed.otherFormat
      ? { sampleRate, channels }
      : { sampleRate: prefer(wanted?.sampleRate, sampleRate), channels: prefer(wanted?.channels, channels) };
    const length = feed.lengths?.[index % feed.lengths.length] ?? format.sampleRate / 50;
    const seconds = this.#samples.get(port) ?? 0;
    this.#samples.set(port, seconds + length / format.sampleRate);
    const sound = soundAt(Math.round(seconds * format.sampleRate), length, format, this.#seed);
    if (feed.silent) sound.samples.fill(0);
    return sound;
  }
}
