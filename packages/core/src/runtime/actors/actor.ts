import { type Closable, closeFrame, type Frame } from '../../media/frame.ts';
import { frameObserver } from '../../media/frame-observer.ts';
import type { MediaConstraint, MediaFormat } from '../../media/media-format.ts';
import type { ControlMessage } from '../../operators/actor-context.ts';
import { Histogram } from '../histogram.ts';
import { InPort, OutPort } from '../ports/ports.ts';
import type { Runtime } from '../runtime.ts';

export const actorStates = ['idle', 'running', 'down', 'ended', 'failed', 'stopped'] as const;
/** `down`: failed and about to be restarted. */
export type ActorState = (typeof actorStates)[number];

/** Every how many frames the processing time is taken. A look at the clock costs 30 ns, a hop not much more. */
const TIME_SAMPLE = 128;

/** With its first frames an actor's code is compiled and its memory taken: what they take says nothing of the others. */
const WARM_UP_FRAMES = 100;

/** The timed call that is on the stack right now: the time of nested actors is taken off their callers'. */
let timed: { nested: number } | undefined;

const LEADS_NOWHERE = 'leads nowhere, and what it emits is dropped: end it in a sink with to(...)';

/**
 * Takes frames one at a time: at once while it is idle and there is room behind it, else from its links. Shared by all
 * kinds of actors; what they do with a frame is theirs.
 */
export abstract class Actor {
  /** Unique in its graph. Another takes it over from one that leaves. */
  id: string;
  readonly runtime: Runtime;
  readonly inputs: InPort[] = [];
  readonly outputs: OutPort[] = [];
  /** Processing time per frame in nanoseconds, without what other actors did meanwhile. A sample of all frames. */
  readonly processing = new Histogram();
  /** The longest of them after the first hundred frames. */
  slowest = 0;
  state: ActorState = 'idle';
  /** Frames that went in and out. */
  framesIn = 0;
  framesOut = 0;
  /** Frames that went in before it was opened last. */
  framesBeforeOpen = 0;
  staleFrames = 0;
  errors = 0;
  restarts = 0;
  lastError: Error | undefined;
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
  #untilTimed = 1;
  #waiting = false;
  #controls: (() => void)[] = [];

  constructor(runtime: Runtime, id: string, groups: readonly string[]) {
    this.runtime = runtime;
    this.id = id;
    this.groups = groups;
  }

  /** What its source or sink finds doubtful just now. */
  protected get said(): readonly string[] {
    return [];
  }

  /** What is doubtful: how it was made, what its source or sink says just now, and that nothing follows it. */
  get doubts(): readonly string[] {
    // A node of one's own may have outputs that this graph does not need.
    const nowhere =
      this.kind !== 'node' && this.outputs.length > 0 && this.outputs.every((port) => port.links.length === 0);
    return [...this.warnings, ...this.said, ...(nowhere && this.state === 'running' ? [LEADS_NOWHERE] : [])];
  }

  /** Subscribes, opens. Called when everything behind it is running. */
  abstract open(): void;
  /** Unsubscribes without finishing: for a restart or an abort. */
  abstract shut(reason: Error | undefined): void;
  /** What it does with a frame. */
  protected abstract handle(port: InPort, frame: Frame): void;
  /** All links of a port have ended. */
  protected abstract handleEnd(port: InPort): void;
  abstract control(message: ControlMessage): boolean;
  abstract interrupted(epoch: number, fadeMs: number, receipt: InterruptReceipt): void;
  /** The node's kind, for drawing. */
  abstract get kind(): 'source' | 'operator' | 'sink' | 'node';
  /** How messages name it: the id and what it is made of. */
  abstract describe(): string;

  formatChanged(_port: InPort, _format: MediaFormat): void {}

  /** Whether frames come in the time of a source that cannot wait. `seen` are those that were asked: links may circle. */
  isPaced(seen: Set<Actor> = new Set()): boolean {
    if (seen.has(this)) return false;
    seen.add(this);
    return this.inputs.some((port) => port.isPaced(seen));
  }

  get epoch(): number {
    return this.runtime.epoch;
  }

  /** Whether it has come to its end, whichever. */
  get over(): boolean {
    return this.state === 'ended' || this.state === 'failed' || this.state === 'stopped';
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

  addInput(name: string, constraint: MediaConstraint | undefined): InPort {
    const port = new InPort(this, name, constraint);
    this.inputs.push(port);
    return port;
  }

  addOutput(name: string): OutPort {
    const port = new OutPort(this, name);
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

  /** A link behind is full. */
  block(): void {
    this.#blocked++;
    this.idle = false;
    this.runtime.stalls.arm();
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
    this.runtime.stateChanged(this);
  }

  /** A frame that the actor takes right now; `idle` was true. */
  receive(port: InPort, frame: Frame): void {
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
    this.runtime.failed(this, error);
  }

  /** It emitted so much that no more may wait for room: what it emitted is closed. */
  abstract overflowed(port: OutPort): void;

  /** Called when it may emit again, for those that wait for it. */
  protected roomAvailable(): void {}

  #roomAgain(): void {
    this.runtime.stalls.arm();
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
  #takeFrom(port: InPort): boolean {
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
      this.runtime.stalls.arm();
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

  #process(port: InPort, frame: Frame): void {
    if ((frame.epoch ?? this.minEpoch) < this.minEpoch) {
      this.staleFrames++;
      return closeFrame(frame);
    }
    this.framesIn++;
    if (frameObserver.current !== undefined) frameObserver.current.entered?.(frame as Closable, this.id);
    if (timed !== undefined || --this.#untilTimed === 0) this.#processTimed(port, frame);
    else this.handle(port, frame);
  }

  #processTimed(port: InPort, frame: Frame): void {
    const caller = timed;
    const own = { nested: 0 };
    timed = own;
    const start = performance.now();
    this.handle(port, frame);
    const elapsed = performance.now() - start;
    timed = caller;
    if (caller !== undefined) caller.nested += elapsed;
    else this.#untilTimed = TIME_SAMPLE;
    const nanos = (elapsed - own.nested) * 1e6;
    this.processing.record(nanos);
    if (this.framesIn > WARM_UP_FRAMES && nanos > this.slowest) this.slowest = nanos;
  }
}

/** Collects what an interruption cut. */
export interface InterruptReceipt {
  dropped(micros: number): void;
  heard(micros: number): void;
  wait(work: Promise<unknown>): void;
}
