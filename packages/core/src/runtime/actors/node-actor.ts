import { SluiceError } from '../../errors.ts';
import { closeFrame, type Frame } from '../../media/frame.ts';
import type { MediaFormat } from '../../media/media-format.ts';
import type { NodeBlueprint, NodeContext, NodeHandlers } from '../../node/define-node.ts';
import { type ControlMessage, swapContext, withContext } from '../../operators/actor-context.ts';
import type { ControlSpecs } from '../../operators/control-spec.ts';
import type { ActorHost, InterruptReceipt, PortOwner } from '../contract.ts';
import { mostUnseen } from '../ports/backlog.ts';
import { DeclaredPort } from '../ports/declared-port.ts';
import { Actor, type ActorInput, type ActorOutput } from './actor.ts';
import { blame } from './blame.ts';
import { emissionsOf } from './emission-reader.ts';
import { HandlerWork } from './handler-work.ts';
import { NamedInputs, type NamedInputsOwner } from './named-inputs.ts';
import { RunContext } from './run-context.ts';

/** A node made with `defineNode`. */
export class NodeActor extends Actor {
  readonly blueprint: NodeBlueprint;
  readonly #outputs = new Map<string, ActorOutput>();
  readonly byName: NamedInputs;
  #handlers: NodeHandlers | undefined;
  #context: RunContext | undefined;
  readonly #work: HandlerWork;
  #drainWaits = false;
  /** Whether a handler is on the stack: what is thrown there is caught. */
  #handling = false;

  constructor(host: ActorHost<Actor>, id: string, groups: readonly string[], blueprint: NodeBlueprint) {
    super(host, id, groups);
    this.blueprint = blueprint;
    for (const [name, port] of Object.entries(blueprint.inputs)) this.addInput(name, port.constraint);
    for (const [name, { constraint }] of Object.entries(blueprint.outputs)) {
      const port = this.addOutput(name);
      if (constraint !== undefined) port.declared = new DeclaredPort(port.id, constraint);
      this.#outputs.set(name, port);
    }
    this.holdLimit = blueprint.maxHeld;
    this.wantsFormats = true;
    this.warnings = blueprint.warnings ?? [];
    this.byName = new NamedInputs(this, this.#inputsOwner(), blueprint.dynamicInputs?.constraint);
    this.#work = new HandlerWork({
      emit: (name, frame) => this.#emit(this.#port(name, frame), frame),
      failed: (context, reason) => {
        if (this.#context === context) this.fail(reason);
      },
      settled: () => {
        if (this.#drainWaits) this.#drain();
      },
    });
  }

  get kind(): 'node' {
    return 'node';
  }

  override get controls(): ControlSpecs {
    return this.blueprint.controls ?? {};
  }

  override isPaced(seen?: Set<PortOwner>): boolean {
    return this.blueprint.live || super.isPaced(seen);
  }

  describe(): string {
    return `${this.id} [${this.blueprint.name}]`;
  }

  /** The graph is stopped. */
  stopping(): void {
    this.#guard(() => this.#handlers?.onStop?.());
  }

  output(name: string): ActorOutput | undefined {
    return this.#outputs.get(name);
  }

  open(): void {
    const context = new RunContext(this);
    this.#context = context;
    const nodeContext: NodeContext = Object.assign(context, {
      emit: (name: string, frame: Frame) => {
        if (this.#context !== context) return closeFrame(frame);
        try {
          this.#emit(this.#port(name, frame), frame);
        } catch (error) {
          this.#blame(error);
        }
      },
      send: (name: string, frame: Frame) => {
        if (this.#context !== context) {
          closeFrame(frame);
          return undefined;
        }
        try {
          return this.#send(this.#port(name, frame), frame);
        } catch (error) {
          return this.#blame(error);
        }
      },
      wake: () => {
        this.#askPorts();
        this.wake();
      },
      end: () => {
        if (this.#context === context) this.host.completed(this);
      },
      isPaced: (name: string) => this.inputs.find((port) => port.name === name)?.isPaced() ?? false,
    });
    this.#handling = true;
    try {
      withContext(context, () => {
        this.#handlers = this.blueprint.create(nodeContext);
        for (const { name, options } of this.inputs) if (options) this.#handlers.onPortAdded?.(name, options);
        for (const { name, format } of this.inputs) if (format) this.#handlers.onFormat?.(name, format);
      });
    } finally {
      this.#handling = false;
    }
    this.#askPorts();
  }

  shut(reason: Error | undefined): void {
    const handlers = this.#handlers;
    const context = this.#context;
    this.#handlers = undefined;
    this.#context = undefined;
    this.#work.stop();
    try {
      handlers?.close?.();
    } catch (error) {
      this.host.reported(this, error);
    }
    context?.dispose(reason);
  }

  protected handle(port: ActorInput, frame: Frame): void {
    const handlers = this.#handlers;
    if (handlers?.onFrame === undefined) return closeFrame(frame);
    const before = swapContext(this.#context!);
    const nested = this.#handling;
    this.#handling = true;
    try {
      const work = handlers.onFrame(port.name, frame);
      if (work !== undefined) this.#work.follow(work, this.#context);
      if (handlers.accepts !== undefined) this.#askPorts();
    } catch (error) {
      this.fail(error);
    } finally {
      this.#handling = nested;
      swapContext(before);
    }
  }

  protected handleEnd(port: ActorInput): void {
    this.#guard(() => this.#handlers?.onEnd?.(port.name));
    this.#askPorts();
    if (this.inputs.every((input) => input.ended || input.links.length === 0)) this.#drain();
  }

  override formatChanged(port: ActorInput, format: MediaFormat): void {
    port.format = format;
    this.#guard(() => this.#handlers?.onFormat?.(port.name, format));
  }

  protected override roomAvailable(): void {
    this.#context?.roomAvailable();
  }

  /** What a handler has under way needs no room for another frame to go in. */
  override get mayEmit(): boolean {
    return this.state === 'running' && !this.blocked && this.held - this.#work.underWay < this.holdLimit;
  }

  /** What knows of the stop goes on without inputs until then. */
  override get movesByItself(): boolean {
    if (this.blueprint.live || this.inputs.every((port) => port.links.length === 0)) return true;
    return this.toldTheEnd && this.#handlers?.onStop !== undefined;
  }

  control(message: ControlMessage): boolean {
    if (this.#handlers?.onControl?.(message) === true) return true;
    return this.#context?.control(message) ?? false;
  }

  interrupted(epoch: number, fadeMs: number, receipt: InterruptReceipt): void {
    const interruption = { epoch, fadeMs, ...receipt };
    this.#guard(() => this.#handlers?.onInterrupt?.(interruption));
    this.#context?.interrupt(interruption);
    this.#work.stop();
    this.#askPorts();
  }

  #port(name: string, frame: Frame): ActorOutput {
    const port = this.#outputs.get(name);
    const fault = port?.declared?.fault(frame, this.id);
    if (port !== undefined && fault === undefined) return port;
    // What is no frame has nothing to close.
    (frame as Frame | null | undefined)?.close?.();
    if (fault !== undefined) throw fault;
    throw new SluiceError('SLUICE_LINK_INVALID', `${this.describe()} has no output ${name}`, {
      expected: `one of ${[...this.#outputs.keys()].join(', ')}`,
      nodeId: this.id,
    });
  }

  #emit(port: ActorOutput, frame: Frame): void {
    if (!port.crowded || port.unasked === 0) return port.emit(frame);
    closeFrame(frame);
    this.#refuse(port, 'one frame beyond what its links hold');
  }

  #send(port: ActorOutput, frame: Frame): undefined | Promise<void> {
    // What is thrown inside of a promise would be its rejection.
    if (port.crowded && !port.overfull) return new Promise((resolve) => port.emit(frame, resolve));
    port.emit(frame);
    return undefined;
  }

  override overflowed(port: ActorOutput): void {
    this.#refuse(port, `${mostUnseen} that wait with send`);
  }

  #refuse(port: ActorOutput, most: string): void {
    const error = new SluiceError(
      'SLUICE_NODE_OVERFLOW',
      `${this.describe()} emitted more than ${port.id} has room for`,
      {
        expected: `at most ${most}`,
        fix: 'Return an iterable of [port, frame] from onFrame, or await context.send(port, frame) for each frame',
        nodeId: this.id,
      },
    );
    this.#blame(error);
  }

  /** Outside of a handler nobody would catch it: a timer's fault is the node's, not the process's. */
  #blame(error: unknown): undefined {
    if (this.#handling) throw error;
    this.fail(error);
  }

  #drain(): void {
    this.#drainWaits = this.#work.underWay > 0;
    if (this.#drainWaits) return;
    const context = this.#context;
    if (context === undefined) return;
    const finish = () => {
      if (this.#context === context) this.host.completed(this);
    };
    // Resumed after a failure, it has nothing more to do.
    const failed = (error: unknown) => {
      if (this.#context === context) this.fail(error);
      finish();
    };
    const nested = this.#handling;
    this.#handling = true;
    try {
      const work = this.#handlers?.onDrain?.();
      const emissions = emissionsOf(work);
      if (work instanceof Promise) work.then(finish, failed);
      else if (emissions !== undefined) this.#work.read(emissions, context, finish);
      else finish();
    } catch (error) {
      failed(error);
    } finally {
      this.#handling = nested;
    }
  }

  #inputsOwner(): NamedInputsOwner {
    return {
      added: ({ name, options }) => {
        try {
          this.#handlers?.onPortAdded?.(name, options!);
        } catch (error) {
          throw blame(this, error);
        }
      },
      addedAgain: ({ name, options }) => this.#guard(() => this.#handlers?.onPortAdded?.(name, options!)),
      removed: ({ name }) => this.#guard(() => this.#handlers?.onPortRemoved?.(name)),
    };
  }

  #askPorts(): void {
    const handlers = this.#handlers;
    if (handlers?.accepts === undefined) return;
    this.#guard(() => {
      for (const port of this.inputs) port.open = handlers.accepts!(port.name);
    });
  }

  #guard(body: () => void): void {
    const nested = this.#handling;
    this.#handling = true;
    try {
      body();
    } catch (error) {
      this.fail(error);
    } finally {
      this.#handling = nested;
    }
  }
}
