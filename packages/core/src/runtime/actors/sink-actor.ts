import type { Observer } from 'rxjs';
import { toError } from '../../errors.ts';
import type { Frame } from '../../media/frame.ts';
import type { GlitchCounts } from '../../media/glitches.ts';
import { type ControlMessage, withContext } from '../../operators/actor-context.ts';
import { NODE, type SinkSpec, sinkSpec } from '../../operators/node-spec.ts';
import type { ActorHost, InterruptReceipt } from '../contract.ts';
import { Actor, type ActorInput } from './actor.ts';
import { RunContext } from './run-context.ts';

export type AnySink = Partial<Observer<Frame>> & { readonly [NODE]?: SinkSpec };

/** An end of the graph: `toX(...)`, or any RxJS observer. A factory makes a fresh one for each restart. */
export class SinkActor extends Actor {
  readonly input: ActorInput;
  readonly #make: () => AnySink;
  readonly restartable: boolean;
  #sink: AnySink;
  #context: RunContext | undefined;
  #used = false;
  #paused = false;
  #given = 0;
  /** What had left sinks that a restart replaced. */
  #leftFormer = 0;
  result: unknown;
  /** `left` when it was interrupted last. */
  leftAtCut = 0;

  constructor(host: ActorHost<Actor>, id: string, groups: readonly string[], sink: AnySink | (() => AnySink)) {
    super(host, id, groups);
    this.restartable = typeof sink === 'function';
    this.#make = typeof sink === 'function' ? sink : () => sink;
    this.#sink = this.#make();
    this.input = this.addInput('in', this.spec?.accepts);
    this.holdLimit = this.spec?.maxHeld ?? 1;
  }

  get kind(): 'sink' {
    return 'sink';
  }

  get spec(): SinkSpec | undefined {
    return sinkSpec(this.#sink);
  }

  override get said(): readonly string[] {
    return this.spec?.problems?.() ?? [];
  }

  override get glitches(): GlitchCounts | undefined {
    return this.spec?.glitches?.();
  }

  describe(): string {
    return `${this.id} [${this.spec?.name ?? 'observer'}]`;
  }

  /** Whether the sink knows what has left it. */
  get tells(): boolean {
    return this.spec?.played?.() !== undefined;
  }

  /** Media that has left it since the start, in microseconds; what it was given, where it does not know. */
  get left(): number {
    const played = this.spec?.played?.();
    return played === undefined ? this.#given : this.#leftFormer + played;
  }

  get leftSinceCut(): number {
    return this.left - this.leftAtCut;
  }

  /** The part of `left` since the last interruption that is due to sinks which a restart replaced. */
  get leftByFormer(): number {
    return Math.max(0, this.#leftFormer - this.leftAtCut);
  }

  /** An interruption: what left before does not count for the next one. */
  cut(): void {
    this.leftAtCut = this.left;
  }

  /** Whether it plays by itself. */
  get plays(): boolean {
    return this.spec?.position !== undefined;
  }

  /** Falls silent, if it plays, and stays so when it is started anew. Resolves when nothing of it is heard any more. */
  async pause(fadeMs: number): Promise<void> {
    this.#paused = true;
    await this.spec?.pause?.(fadeMs);
  }

  resume(): void {
    this.#paused = false;
    this.spec?.resume?.();
  }

  /** Opens files and devices. Also attaches the context, which the writer sees from its first moment on. */
  async prepare(): Promise<void> {
    this.#attach();
    await this.spec?.prepare?.();
  }

  open(): void {
    this.#attach();
    const sink = this.#sink;
    this.spec?.finished.then(
      (result) => {
        if (this.#sink !== sink || this.state !== 'running') return;
        this.result = result;
        this.host.completed(this);
      },
      (error: unknown) => {
        if (this.#sink === sink && this.state === 'running') this.fail(error);
      },
    );
  }

  shut(reason: Error | undefined): void {
    const context = this.#context;
    this.#context = undefined;
    context?.dispose(reason);
    if (reason !== undefined) {
      if (this.spec !== undefined) this.spec.abort(reason);
      else this.#sink.error?.(reason);
    }
  }

  protected handle(_port: ActorInput, frame: Frame): void {
    this.#given += frame.duration ?? 0;
    try {
      this.#sink.next?.(frame);
    } catch (error) {
      this.fail(error);
    }
  }

  protected handleEnd(): void {
    try {
      this.#sink.complete?.();
    } catch (error) {
      return this.fail(toError(error));
    }
    if (this.spec === undefined) this.host.completed(this);
  }

  /** It plays or writes what it was given. */
  override get movesByItself(): boolean {
    return this.input.ended;
  }

  override overflowed(): void {}

  control(message: ControlMessage): boolean {
    return this.#context?.control(message) ?? false;
  }

  interrupted(epoch: number, fadeMs: number, receipt: InterruptReceipt): void {
    this.#context?.interrupt({ epoch, fadeMs, ...receipt });
  }

  #attach(): void {
    if (this.#context !== undefined) return;
    if (this.#used) {
      this.#leftFormer += this.spec?.played?.() ?? 0;
      this.#sink = this.#make();
    }
    this.#used = true;
    const context = new RunContext(this);
    this.#context = context;
    const sink = this.#sink;
    const failed = (reason: Error) => {
      if (this.#sink === sink && this.#context === context) this.fail(reason);
    };
    withContext(context, () => this.spec?.attach(context, failed));
    if (this.#paused) void this.spec?.pause?.(0);
  }
}
