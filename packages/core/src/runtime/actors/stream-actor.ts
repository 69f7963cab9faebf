import { Observable, type Subscriber, type Subscription } from 'rxjs';
import { SluiceError } from '../../errors.ts';
import { closeFrame, type Frame } from '../../media/frame.ts';
import type { GlitchCounts } from '../../media/glitches.ts';
import type { MediaFormat } from '../../media/media-format.ts';
import { type ControlMessage, swapContext, withContext } from '../../operators/actor-context.ts';
import type { ControlSpecs } from '../../operators/control-spec.ts';
import { type OperatorSpec, operatorSpec, type SourceSpec, sourceSpec } from '../../operators/node-spec.ts';
import { type CreateStep, stepsOf } from '../../operators/step.ts';
import { sleep } from '../../time/clock.ts';
import { realClock } from '../../time/real-clock.ts';
import type { ActorHost, InterruptReceipt, PortOwner } from '../contract.ts';
import { mostUnseen } from '../ports/backlog.ts';
import { Actor, type ActorInput, type ActorOutput } from './actor.ts';
import { ChainExit } from './chain-exit.ts';
import { HiddenFrames } from './hidden-frames.ts';
import { RunContext } from './run-context.ts';
import { StepChain } from './step-chain.ts';
import { type AnyOperator, type ChainWatch, watchedChain } from './watched-chain.ts';

/** A source, or a chain of RxJS operators behind one input: what `from` and `pipe` add to a graph. */
export class StreamActor extends Actor {
  readonly out: ActorOutput;
  readonly operators: readonly AnyOperator[];
  readonly source: Observable<Frame> | undefined;
  readonly #entry: ActorInput | undefined;
  /** What it is made of, in words, and those of its operators that may find something doubtful: asked at each look. */
  readonly #made: string;
  readonly #doubtful: readonly OperatorSpec[];
  readonly #threaded: boolean;
  readonly #controls: ControlSpecs;
  /** What makes the handlers of its operators, where all of them are steps: they are called without RxJS in between. */
  readonly #makers: readonly CreateStep<Frame, Frame>[] | undefined;
  #steps: StepChain | undefined;
  #destination: Subscriber<Frame> | undefined;
  #subscription: Subscription | undefined;
  #context: RunContext | undefined;
  #chain: ChainWatch | undefined;
  /** Of the operator that frames enter first, and of the only one: what passes that is counted anyway. */
  #first: HiddenFrames | undefined;
  #only: HiddenFrames | undefined;

  constructor(
    host: ActorHost<Actor>,
    id: string,
    groups: readonly string[],
    stream: { readonly source: Observable<Frame> } | { readonly operators: readonly AnyOperator[] },
  ) {
    super(host, id, groups);
    this.source = 'source' in stream ? stream.source : undefined;
    this.operators = 'operators' in stream ? stream.operators : [];
    const first = this.operators[0];
    this.#entry = this.source === undefined ? this.addInput('in', first && operatorSpec(first)?.accepts) : undefined;
    this.out = this.addOutput('out');
    this.#makers = this.source === undefined ? stepsOf(this.operators) : undefined;
    const specs = this.operators.map(operatorSpec);
    const names = this.operators.map(({ name }, index) => specs[index]?.name ?? (name || 'operator'));
    this.#threaded = specs.some((spec) => spec?.threaded === true);
    const controls = this.source === undefined ? specs.map((spec) => spec?.controls) : [this.spec?.controls];
    this.#controls = Object.assign({}, ...controls) as ControlSpecs;
    this.#made = this.source === undefined ? names.join(' | ') : (this.spec?.name ?? 'observable');
    this.#doubtful = specs.filter((spec) => spec?.problems !== undefined) as OperatorSpec[];
    const held = specs.map((spec) => spec?.maxHeld ?? 0);
    this.holdLimit = Math.max(1, ...held);
  }

  get kind(): 'source' | 'operator' {
    return this.source === undefined ? 'operator' : 'source';
  }

  get spec(): SourceSpec | undefined {
    return this.source && sourceSpec(this.source);
  }

  override get threaded(): boolean {
    return this.#threaded;
  }

  override get controls(): ControlSpecs {
    return this.#controls;
  }

  override get said(): readonly string[] {
    if (this.source !== undefined) return this.spec?.problems?.() ?? [];
    return this.#doubtful.flatMap((spec) => spec.problems!());
  }

  override get glitches(): GlitchCounts | undefined {
    return this.spec?.glitches?.();
  }

  /** What the link before it does when it is full, by what the operators say. */
  get overflow(): OperatorSpec['overflow'] {
    for (const operator of this.operators) {
      const overflow = operatorSpec(operator)?.overflow;
      if (overflow !== undefined) return overflow;
    }
    return undefined;
  }

  override isPaced(seen?: Set<PortOwner>): boolean {
    return this.source === undefined ? super.isPaced(seen) : this.spec === undefined || this.spec.live === true;
  }

  override get movesByItself(): boolean {
    return this.source !== undefined || this.#chain?.active === true;
  }

  get input(): ActorInput {
    return this.#entry!;
  }

  describe(): string {
    return `${this.id} [${this.#made}]`;
  }

  /** What leaves for a given input; undefined where that is not known before the start. */
  produces(input: MediaFormat | undefined): MediaFormat | undefined {
    return this.operators.reduce((format: MediaFormat | undefined, operator) => {
      const produces = operatorSpec(operator)?.produces;
      return format === undefined || produces === undefined ? format : produces(format);
    }, input);
  }

  open(): void {
    const context = new RunContext(this);
    this.#context = context;
    if (this.#makers === undefined) return this.#subscribe(context);
    this.#steps = withContext(context, () => new StepChain(this.#makers!, context));
    this.#subscription = this.#steps.subscription;
  }

  #subscribe(context: RunContext): void {
    const input =
      this.source ??
      new Observable<Frame>((destination) => {
        this.#destination = destination;
      });
    withContext(context, () => {
      const chain = watchedChain(this.operators, (index) => this.#watch(context, index));
      const { first, last } = chain;
      this.#chain = chain;
      const alone = this.operators.length === 1;
      this.#only = alone ? first : undefined;
      this.#first = first;
      const current = () => this.#context === context;
      const exit = new ChainExit(context, {
        out: this.out,
        last,
        alone,
        error: (error) => {
          if (current()) this.fail(error);
        },
        complete: () => {
          if (current()) this.host.completed(this);
        },
      });
      const subscription = chain.connect(input).subscribe(exit);
      if (current()) this.#subscription = subscription;
      else subscription.unsubscribe();
    });
  }

  shut(reason: Error | undefined): void {
    const context = this.#context;
    this.#context = undefined;
    this.#steps = undefined;
    this.#destination = undefined;
    context?.dispose(reason);
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  /** One frame may become any number, and no operator of RxJS waits for room: up to a bound they wait for it. */
  override overflowed(): void {
    this.fail(
      new SluiceError('SLUICE_CHAIN_OVERFLOW', `${this.describe()} emitted without waiting for room`, {
        expected: `at most ${mostUnseen} beyond what its links hold`,
        fix:
          this.kind === 'source'
            ? 'Let the source wait for room: make it with pullSource, or call it live and give the link a policy'
            : 'Let the operator say what it keeps (bounded(operator, { maxInFlight }), mapAsync); where one frame becomes many, give an iterable from onFrame of a node (defineNode)',
        nodeId: this.id,
      }),
    );
  }

  /** The watch of an operator that does not say what it keeps. */
  #watch(context: RunContext, index: number): HiddenFrames {
    return new HiddenFrames({
      pause: (ms) => {
        // What comes in its own time is not held back: it grows slowly.
        if (this.isPaced()) return;
        this.block();
        const over = context.clock.track(sleep(realClock, ms));
        over.then(() => this.unblock()).catch((error: unknown) => this.fail(error));
      },
      overflowed: (frames, bytes) => {
        if (this.#context === context) this.fail(hidesTooMuch(this, index, frames, bytes));
      },
    });
  }

  protected handle(_port: ActorInput, frame: Frame): void {
    const steps = this.#steps;
    if (steps === undefined) return this.#give(frame);
    const before = swapContext(this.#context!);
    try {
      const made = steps.next(frame);
      if (made !== undefined) this.out.emit(made);
    } catch (error) {
      this.#broke(steps, error);
    }
    swapContext(before);
  }

  /** A step threw: of one that was shut meanwhile it is nothing to anybody. */
  #broke(steps: StepChain, error: unknown): void {
    if (this.#steps === steps) this.fail(error);
  }

  /** Gives a frame to a chain of RxJS. */
  #give(frame: Frame): void {
    const destination = this.#destination;
    if (destination === undefined) return closeFrame(frame);
    const before = swapContext(this.#context!);
    const only = this.#only;
    if (only !== undefined) {
      const { framesOut } = this;
      destination.next(frame);
      if (this.framesOut === framesOut) only.swallow(frame);
      else if (only.noted) only.pass();
    } else if (this.#first === undefined) destination.next(frame);
    else this.#first.enter(destination, frame);
    swapContext(before);
  }

  protected handleEnd(): void {
    const steps = this.#steps;
    if (steps === undefined) return this.#destination?.complete();
    try {
      withContext(this.#context!, () => steps.complete());
    } catch (error) {
      return this.#broke(steps, error);
    }
    if (this.#steps === steps) this.host.completed(this);
  }

  protected override roomAvailable(): void {
    this.#context?.roomAvailable();
  }

  control(message: ControlMessage): boolean {
    return this.#context?.control(message) ?? false;
  }

  interrupted(epoch: number, fadeMs: number, receipt: InterruptReceipt): void {
    this.#context?.interrupt({ epoch, fadeMs, ...receipt });
  }
}

function hidesTooMuch(actor: StreamActor, index: number, frames: number, bytes: number): SluiceError {
  const name = actor.operators[index]!.name || 'an RxJS operator';
  const which = actor.operators.length === 1 ? '' : ` (the ${index + 1}. of ${actor.operators.length} in the chain)`;
  return new SluiceError('SLUICE_CHAIN_OVERFLOW', `${actor.describe()} queues without a bound: ${name}${which}`, {
    expected: `at most ${mostUnseen} inside`,
    received: `${frames} frames, ${Math.round(bytes / 2 ** 20)} MiB`,
    fix: 'Wrap it in bounded(operator, { maxInFlight }) or use mapAsync: both hold the source back',
    nodeId: actor.id,
  });
}
