import { SluiceError } from '../../errors.ts';
import { closeFrame, type Frame } from '../../media/frame.ts';
import type { MediaFormat } from '../../media/media-format.ts';
import type { NodeBlueprint, NodeContext, NodeHandlers } from '../../node/define-node.ts';
import { type ControlMessage, swapContext, withContext } from '../../operators/actor-context.ts';
import { blame } from '../blame.ts';
import { mostUnseen } from '../ports/backlog.ts';
import { DeclaredPort } from '../ports/declared-port.ts';
import { InPort, type OutPort } from '../ports/ports.ts';
import type { Runtime } from '../runtime.ts';
import { toldTheEnd } from '../stuck-actors.ts';
import { Actor, type InterruptReceipt } from './actor.ts';
import { type AnyEmission, EmissionReader, emissionsOf } from './emission-reader.ts';
import { RunContext } from './run-context.ts';

/** A node made with `defineNode`. */
export class NodeActor extends Actor {
  readonly blueprint: NodeBlueprint;
  readonly #outputs = new Map<string, OutPort>();
  /** Inputs by name that come with the change that is being set up. */
  readonly #announced = new Set<InPort>();
  #handlers: NodeHandlers | undefined;
  #context: RunContext | undefined;
  readonly #readers = new Set<EmissionReader>();
  #underWay = 0;
  #drainWaits = false;
  /** Whether a handler is on the stack: what is thrown there is caught. */
  #handling = false;

  constructor(runtime: Runtime, id: string, groups: readonly string[], blueprint: NodeBlueprint) {
    super(runtime, id, groups);
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
  }

  get kind(): 'node' {
    return 'node';
  }

  override isPaced(seen?: Set<Actor>): boolean {
    return this.blueprint.live || super.isPaced(seen);
  }

  describe(): string {
    return `${this.id} [${this.blueprint.name}]`;
  }

  /** The graph is stopped. */
  stopping(): void {
    this.#guard(() => this.#handlers?.onStop?.());
  }

  output(name: string): OutPort | undefined {
    return this.#outputs.get(name);
  }

  /** Whether a link may lead to the port: it is there, or comes with the change that is being set up. */
  has(port: InPort): boolean {
    return this.#announced.has(port) || this.inputs.includes(port);
  }

  /** The input of that name that is there or announced. */
  inputNamed(name: string): InPort | undefined {
    for (const port of this.#announced) if (port.name === name) return port;
    return this.inputs.find((port) => port.name === name);
  }

  /** Makes an input by name. A node that is not open yet has it at once, another when it is admitted. */
  announce(name: string, options: Readonly<Record<string, unknown>>): InPort {
    const port = new InPort(this, name, this.blueprint.dynamicInputs?.constraint, options);
    if (this.state === 'idle') this.inputs.push(port);
    else this.#announced.add(port);
    return port;
  }

  /** An announced input does not come after all. */
  withdraw(port: InPort): void {
    this.#announced.delete(port);
  }

  /**
   * An announced input comes, in the place of one of its name; one that is over begins anew. Returns what undoes it.
   * Throws what the node has against it, and is then as before.
   */
  admit(port: InPort): () => void {
    const former = this.inputs.find(({ name }) => name === port.name);
    this.#announced.delete(port);
    if (former !== undefined) this.removeInput(former);
    this.inputs.push(port);
    const undo = () => {
      this.inputs.splice(this.inputs.indexOf(port), 1);
      if (former === undefined || former === port) return;
      this.inputs.push(former);
      this.#guard(() => this.#handlers?.onPortAdded?.(former.name, former.options!));
    };
    try {
      this.#handlers?.onPortAdded?.(port.name, port.options!);
    } catch (error) {
      undo();
      throw blame(this, error);
    }
    return () => {
      this.#guard(() => this.#handlers?.onPortRemoved?.(port.name));
      undo();
    };
  }

  removeInput(port: InPort): void {
    if (port.options === undefined || !this.inputs.includes(port)) return;
    this.inputs.splice(this.inputs.indexOf(port), 1);
    this.#guard(() => this.#handlers?.onPortRemoved?.(port.name));
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
        if (this.#context === context) this.runtime.completed(this);
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
    for (const reader of [...this.#readers]) reader.stop();
    try {
      handlers?.close?.();
    } catch (error) {
      this.runtime.reported(this, error);
    }
    context?.dispose(reason);
  }

  protected handle(port: InPort, frame: Frame): void {
    const handlers = this.#handlers;
    if (handlers?.onFrame === undefined) return closeFrame(frame);
    const before = swapContext(this.#context!);
    const nested = this.#handling;
    this.#handling = true;
    try {
      const work = handlers.onFrame(port.name, frame);
      if (work !== undefined) this.#follow(work);
      if (handlers.accepts !== undefined) this.#askPorts();
    } catch (error) {
      this.fail(error);
    } finally {
      this.#handling = nested;
      swapContext(before);
    }
  }

  protected handleEnd(port: InPort): void {
    this.#guard(() => this.#handlers?.onEnd?.(port.name));
    this.#askPorts();
    if (this.inputs.every((input) => input.ended || input.links.length === 0)) this.#drain();
  }

  override formatChanged(port: InPort, format: MediaFormat): void {
    port.format = format;
    this.#guard(() => this.#handlers?.onFormat?.(port.name, format));
  }

  protected override roomAvailable(): void {
    this.#context?.roomAvailable();
  }

  /** What a handler has under way needs no room for another frame to go in. */
  override get mayEmit(): boolean {
    return this.state === 'running' && !this.blocked && this.held - this.#underWay < this.holdLimit;
  }

  /** What knows of the stop goes on without inputs until then. */
  override get movesByItself(): boolean {
    if (this.blueprint.live || this.inputs.every((port) => port.links.length === 0)) return true;
    return toldTheEnd(this) && this.#handlers?.onStop !== undefined;
  }

  control(message: ControlMessage): boolean {
    if (this.#handlers?.onControl?.(message) === true) return true;
    return this.#context?.control(message) ?? false;
  }

  interrupted(epoch: number, fadeMs: number, receipt: InterruptReceipt): void {
    const interruption = { epoch, fadeMs, ...receipt };
    this.#guard(() => this.#handlers?.onInterrupt?.(interruption));
    this.#context?.interrupt(interruption);
    for (const reader of [...this.#readers]) reader.stop();
    this.#askPorts();
  }

  #port(name: string, frame: Frame): OutPort {
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

  #emit(port: OutPort, frame: Frame): void {
    if (!port.crowded || port.unasked === 0) return port.emit(frame);
    closeFrame(frame);
    this.#refuse(port, 'one frame beyond what its links hold');
  }

  #send(port: OutPort, frame: Frame): undefined | Promise<void> {
    // What is thrown inside of a promise would be its rejection.
    if (port.crowded && !port.overfull) return new Promise((resolve) => port.emit(frame, resolve));
    port.emit(frame);
    return undefined;
  }

  override overflowed(port: OutPort): void {
    this.#refuse(port, `${mostUnseen} that wait with send`);
  }

  #refuse(port: OutPort, most: string): void {
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

  #follow(work: unknown): void {
    const context = this.#context;
    if (work instanceof Promise) return this.#await(work, context);
    const emissions = emissionsOf(work);
    if (emissions !== undefined && context !== undefined) this.#read(emissions, context, this.#begin(context));
  }

  #await(work: Promise<unknown>, context: RunContext | undefined): void {
    // It shut itself down from inside the handler; what the handler still does concerns nobody.
    if (context === undefined) return void work.catch(() => {});
    const settled = this.#begin(context);
    work.then(settled, (error: unknown) => {
      settled();
      if (this.#context === context) this.fail(error);
    });
  }

  /** Counts one more handler that is under way. Call what it returns when it has settled. */
  #begin(context: RunContext): () => void {
    const release = context.hold();
    this.#underWay++;
    return () => {
      this.#underWay--;
      release();
      if (this.#underWay === 0 && this.#drainWaits) this.#drain();
    };
  }

  /** Takes frames from an iterable as there is room, then calls `settled`. */
  #read(emissions: Iterable<AnyEmission> | AsyncIterable<AnyEmission>, context: RunContext, settled: () => void): void {
    const reader = new EmissionReader(emissions, {
      context,
      emit: (name, frame) => this.#emit(this.#port(name, frame), frame),
      over: (error) => {
        this.#readers.delete(reader);
        settled();
        if (error !== undefined && this.#context === context) this.fail(error.reason);
      },
    });
    this.#readers.add(reader);
    reader.run();
  }

  #drain(): void {
    this.#drainWaits = this.#underWay > 0;
    if (this.#drainWaits) return;
    const context = this.#context;
    if (context === undefined) return;
    const finish = () => {
      if (this.#context === context) this.runtime.completed(this);
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
      else if (emissions !== undefined) this.#read(emissions, context, finish);
      else finish();
    } catch (error) {
      failed(error);
    } finally {
      this.#handling = nested;
    }
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
