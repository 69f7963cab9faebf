// Actors: what takes frames one at a time and does something with them, a chain, a sink or a node. Nothing that
// looks at a graph as a whole.

import type { AudioFrame } from '../../media/audio-frame.ts';
import { type Closable, closeFrame, type Frame } from '../../media/frame.ts';
import { frameObserver } from '../../media/frame-observer.ts';
import type { GlitchCounts } from '../../media/glitches.ts';
import type { MediaConstraint, MediaFormat } from '../../media/media-format.ts';
import type { ControlMessage } from '../../operators/actor-context.ts';
import type { ControlSpecs } from '../../operators/control-spec.ts';
import { Moments } from '../../time/moments.ts';
import type { ActorHost, ActorState, InterruptReceipt, PortOwner } from '../contract.ts';
import type { Link } from '../links/link.ts';
import { InPort } from '../ports/in-port.ts';
import { OutPort } from '../ports/out-port.ts';
import { ProcessingTime } from './processing-time.ts';
import { TakenControls } from './taken-controls.ts';

const noControls: ControlSpecs = {};

/** Links and ports of a graph, all of whose ends are actors. */
export type ActorLink = Link<Actor>;
export type ActorInput = InPort<Actor, ActorLink>;
export type ActorOutput = OutPort<Actor, ActorLink>;

/**
 * Takes frames one at a time: at once while it is idle and there is room behind it, else from its links. Shared by all
 * kinds of actors; what they do with a frame is theirs.
 */
export abstract class Actor implements PortOwner {
  /** Unique in its graph. Another takes it over from one that leaves. */
  id: string;
  readonly host: ActorHost<Actor>;
  readonly inputs: ActorInput[] = [];
  readonly outputs: ActorOutput[] = [];
  readonly processing = new ProcessingTime();
  state: ActorState = 'idle';
  /** Taken out by a change: nobody is to see it any more once it is over. */
  removed = false;
  /** Frames that went in and out. */
  framesIn = 0;
  framesOut = 0;
  /** Frames that went in before it was opened last. */
  framesBeforeOpen = 0;
  staleFrames = 0;
  /** Samples that were NaN or infinite, and became silence. */
  invalidSamples = 0;
  errors = 0;
  restarts = 0;
  lastError: Error | undefined;
  /** When it failed, was started anew, took long for a frame. */
  readonly faulted = new Moments();
  readonly restarted = new Moments();
  readonly slowed = new Moments();
  warnings: readonly string[] = [];
  /** Frames made before this epoch are void. */
  minEpoch = 0;
  /** Whether `idle` may be true at all; recomputed when anything it depends on changes. */
  idle = false;
  wantsFormats = false;
  /** How often it was said to be at work beyond its frames. */
  keptAlive = 0;
  /** Group path, outermost first, for supervision, drawing and interruption. */
  readonly groups: readonly string[];
  #blocked = 0;
  #busy = false;
  #held = 0;
  #holdLimit = 1;
  #waiting = false;
  #controls: (() => void)[] = [];
  /** Control messages that it took. */
  readonly taken = new TakenControls();

  constructor(host: ActorHost<Actor>, id: string, groups: readonly string[]) {
    this.host = host;
    this.id = id;
    this.groups = groups;
  }

  /** Whether any of its work is done on another thread. */
  get threaded(): boolean {
    return false;
  }

  /** What its source or sink finds doubtful just now. */
  get said(): readonly string[] {
    return [];
  }

  /** Control messages that it takes, as far as it says so. */
  get controls(): ControlSpecs {
    return noControls;
  }

  /** What its source or sink counted of the sound that it plays or hears; undefined where that is nothing. */
  get glitches(): GlitchCounts | undefined {
    return undefined;
  }

  /** Subscribes, opens. Called when everything behind it is running. */
  abstract open(): void;
  /** Unsubscribes without finishing: for a restart or an abort. */
  abstract shut(reason: Error | undefined): void;
  /** What it does with a frame. */
  protected abstract handle(port: ActorInput, frame: Frame): void;
  /** All links of a port have ended. */
  protected abstract handleEnd(port: ActorInput): void;
  abstract control(message: ControlMessage): boolean;
  abstract interrupted(epoch: number, fadeMs: number, receipt: InterruptReceipt): void;
  /** The node's kind, for drawing. */
  abstract get kind(): 'source' | 'operator' | 'sink' | 'node';
  /** How messages name it: the id and what it is made of. */
  abstract describe(): string;

  formatChanged(_port: ActorInput, _format: MediaFormat): void {}

  /** Whether frames come in the time of a source that cannot wait. `seen` are those that were asked: links may circle. */
  isPaced(seen: Set<PortOwner> = new Set()): boolean {
    if (seen.has(this)) return false;
    seen.add(this);
    return this.inputs.some((port) => port.isPaced(seen));
  }

  get epoch(): number {
    return this.host.epoch;
  }

  now(): number {
    return this.host.clock.now();
  }

  /** Whether it has come to its end, whichever. */
  get over(): boolean {
    return this.state === 'ended' || this.state === 'failed' || this.state === 'stopped';
  }

  /** Whether every input that leads anywhere has ended. */
  get toldTheEnd(): boolean {
    const linked = this.inputs.filter((port) => port.links.length > 0);
    return linked.length > 0 && linked.every((port) => port.ended);
  }

  get busy(): boolean {
    return this.#busy;
  }

  get held(): number {
    return this.#held;
  }

  get blocked(): boolean {
    return this.#blocked > 0;
  }

  get hasRoom(): boolean {
    return this.#blocked === 0 && this.#held < this.#holdLimit && this.state === 'running';
  }

  /** Whether it may emit one more frame without any of them having to wait. */
  get mayEmit(): boolean {
    return this.hasRoom;
  }

  /** Frames that it has made and that no link has room for. */
  get unsent(): number {
    let frames = 0;
    for (const port of this.outputs) frames += port.waiting;
    return frames;
  }

  addInput(name: string, constraint: MediaConstraint | undefined): ActorInput {
    const port: ActorInput = new InPort(this, name, constraint);
    this.inputs.push(port);
    return port;
  }

  addOutput(name: string): ActorOutput {
    const port: ActorOutput = new OutPort(this, name);
    this.outputs.push(port);
    return port;
  }

  get holdLimit(): number {
    return this.#holdLimit;
  }

  set holdLimit(limit: number) {
    this.#holdLimit = limit;
  }

  /** Whether it may do something that nobody gave it cause for: it brings frames, or plays. */
  get movesByItself(): boolean {
    return false;
  }

  /** A link behind is full, or it is to stand still. */
  block(): void {
    this.#blocked++;
    this.idle = false;
    this.host.mayStall();
  }

  unblock(): void {
    this.#blocked--;
    if (this.#blocked === 0) this.#roomAgain();
  }

  hold(): void {
    this.#held++;
    if (this.#held >= this.#holdLimit) this.idle = false;
  }

  release(): void {
    this.#held--;
    if (this.#held < this.#holdLimit) this.#roomAgain();
  }

  /** Forgets what a former subscription held. */
  releaseAll(): void {
    this.#held = 0;
  }

  setState(state: ActorState): void {
    if (this.state === state) return;
    this.state = state;
    this.#refresh();
    this.host.stateChanged(this);
  }

  /** A frame that the actor takes right now; `idle` was true. */
  receive(port: ActorInput, frame: Frame): void {
    this.#busy = true;
    this.idle = false;
    this.#process(port, frame);
    this.#busy = false;
    if (this.#waiting) this.#pump();
    else this.idle = this.#blocked === 0 && this.#held < this.#holdLimit && this.state === 'running';
  }

  /** Something waits on a link: look at it when there is time and room. */
  wake(): void {
    this.#waiting = true;
    if (!this.#busy) this.#pump();
  }

  /** Runs `body` when no frame is being handled: control messages come one at a time as well. */
  exclusively(body: () => void): void {
    this.#controls.push(body);
    this.wake();
  }

  fail(error: unknown): void {
    this.host.failed(this, error);
  }

  /** It emitted so much that no more may wait for room: what it emitted is closed. */
  abstract overflowed(port: ActorOutput): void;

  /** Called when it may emit again, for those that wait for it. */
  protected roomAvailable(): void {}

  #roomAgain(): void {
    this.host.mayStall();
    if (this.hasRoom && !this.#busy) {
      if (this.#waiting) this.#pump();
      else this.#refresh();
    }
    if (this.mayEmit) this.roomAvailable();
  }

  #refresh(): void {
    this.idle = !this.#busy && this.hasRoom;
  }

  #pump(): void {
    this.#busy = true;
    this.idle = false;
    for (let look = true; look; ) {
      look = false;
      while (this.#controls.length > 0) this.#controls.shift()!();
      for (const port of this.inputs) {
        if (this.#takeFrom(port)) look = true;
      }
    }
    this.#waiting = this.#anythingWaits();
    this.#busy = false;
    this.#refresh();
  }

  /** One frame of each link of a port; the end when all have ended. Returns whether there may be more. */
  #takeFrom(port: ActorInput): boolean {
    let took = false;
    const { links } = port;
    for (let i = 0; i < links.length && port.open && this.hasRoom; i++) {
      const frame = links[i]!.take();
      if (frame === undefined) continue;
      took = true;
      this.#process(port, frame);
    }
    if (!port.ended && links.length > 0 && this.state === 'running' && links.every((link) => link.drained)) {
      port.ended = true;
      this.host.mayStall();
      this.handleEnd(port);
      took = true;
    }
    return took;
  }

  #anythingWaits(): boolean {
    for (const port of this.inputs) {
      for (const link of port.links) if (link.depth > 0 || (link.drained && !port.ended)) return true;
    }
    return false;
  }

  #process(port: ActorInput, frame: Frame): void {
    if ((frame.epoch ?? this.minEpoch) < this.minEpoch) {
      this.staleFrames++;
      return closeFrame(frame);
    }
    this.framesIn++;
    if (frameObserver.current !== undefined) frameObserver.current.entered?.(frame as Closable, this.id);
    if (this.processing.due) this.#processTimed(port, frame);
    else this.handle(port, frame);
  }

  #processTimed(port: ActorInput, frame: Frame): void {
    if (frame.kind === 'audio') port.sound.look(frame as AudioFrame, this.now());
    const call = this.processing.begin();
    this.handle(port, frame);
    if (this.processing.end(call, this.framesIn, this.host.timeSample)) this.slowed.mark(this.now());
  }
}
