import { checkKeys } from '../check-keys.ts';
import { invalidArgument, SluiceError } from '../errors.ts';
import type { InputPort } from '../graph/flow.ts';
import { graph } from '../graph/graph.ts';
import { closeFrame, type Frame } from '../media/frame.ts';
import type { NodeBlueprint, Ports } from '../node/define-node.ts';
import type { PortSpec } from '../node/port.ts';
import type { ControlMessage } from '../operators/actor-context.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { type Arrival, probeSink } from './probe-sink.ts';
import { type ProbeSource, probeSource } from './probe-source.ts';
import { type FrameTracker, trackFrames } from './track-frames.ts';

/** Inputs and conditions of a node that is driven by hand. */
export interface NodeHarnessOptions {
  /** Inputs to add by name, with their options, where the node lets inputs be added. */
  readonly inputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whether the receivers behind the outputs take a frame only when `take` is called. Default false. */
  readonly manual?: boolean;
  /** Frames that may wait behind an output before the node has to. Default 100,000. */
  readonly room?: number;
}

/**
 * One node made with `defineNode` alone, in a graph of its own under a virtual clock: the test pushes into its inputs and
 * looks at its outputs. Links hold any number of frames unless `room` says otherwise, so nothing is dropped.
 *
 * @example
 * await using h = await nodeHarness(splitter());
 * h.push('in', frame);
 * await h.settle();
 * expect(h.outputs('left')).toHaveLength(1);
 * await h.finish();
 *
 * @throws TypeError for unknown options, and for `inputs` of a node whose inputs are fixed
 */
export async function nodeHarness(blueprint: NodeBlueprint, options: NodeHarnessOptions = {}): Promise<NodeHarness> {
  const harness = new NodeHarness(blueprint, options);
  await harness.started;
  return harness;
}

/** One node alone in a graph under a virtual clock, as {@link nodeHarness} makes it: give it frames, let time pass, look at what leaves. */
export class NodeHarness implements AsyncDisposable {
  readonly clock = new VirtualClock();
  /** Frames open since the harness was made, outputs included. */
  readonly frames: FrameTracker = trackFrames({ stacks: true });
  /** Resolves when the graph runs. */
  readonly started: Promise<void>;
  readonly #graph = graph('node-harness', { clock: this.clock });
  readonly #inputs = new Map<string, ProbeSource<Frame>>();
  readonly #outputs = new Map<string, ReturnType<typeof probeSink<Frame>>>();
  readonly #node;
  readonly #over: Promise<void>;
  #error: unknown;
  #status: 'running' | 'done' | 'failed' = 'running';

  constructor(blueprint: NodeBlueprint<Ports, Ports, PortSpec | undefined>, options: NodeHarnessOptions = {}) {
    checkKeys<NodeHarnessOptions>('nodeHarness', options, { inputs: true, manual: true, room: true });
    const { inputs = {}, manual = false, room = 100_000 } = options;
    if (blueprint.dynamicInputs === undefined && Object.keys(inputs).length > 0) {
      this.frames.stop();
      throw invalidArgument('nodeHarness.inputs', 'none for a node whose inputs are fixed', Object.keys(inputs));
    }
    this.#node = this.#graph.add(blueprint, { name: 'node' });
    const ports = new Map<string, InputPort<Frame>>(Object.entries(this.#node.in));
    const dynamic = this.#node as unknown as { input?: (name: string, options: object) => InputPort<Frame> };
    for (const [name, portOptions] of Object.entries(inputs)) ports.set(name, dynamic.input!(name, portOptions));
    for (const [name, port] of ports) {
      const probe = probeSource<Frame>({ name, live: false });
      this.#inputs.set(name, probe);
      this.#graph.from(probe.source, { name: `into-${name}` }).to(port);
    }
    for (const [name, flow] of Object.entries(this.#node.out)) {
      const probe = probeSink<Frame>({ name, manual });
      this.#outputs.set(name, probe);
      flow.with({ name: `out-of-${name}`, link: { capacity: { frames: room } } }).to(probe.sink);
    }
    const settled = (status: 'done' | 'failed') => (error?: unknown) => {
      this.#status = status;
      this.#error = error;
    };
    this.#over = this.#graph.run().then(settled('done'), settled('failed'));
    this.started = this.clock.settle();
  }

  /** `running` until the node has ended or failed. */
  get status(): 'running' | 'done' | 'failed' {
    return this.#status;
  }

  /** What it failed with. */
  get error(): unknown {
    return this.#error;
  }

  /** What left a port, oldest first, and when, in milliseconds of the clock. Open until `finish()`. */
  outputs<F extends Frame = Frame>(port: string): readonly Arrival<F>[] {
    return this.#output(port).arrivals as readonly Arrival<F>[];
  }

  /** Gives the node frames. They are the node's from here on; after its end they are closed. */
  push(port: string, ...frames: readonly Frame[]): void {
    this.#input(port).push(...frames);
  }

  /** Whether the node and the link before it have room, as a well-behaved source asks. */
  hasRoom(port: string): boolean {
    return this.#input(port).hasRoom;
  }

  /** Ends an input, or all of them. */
  end(port?: string): void {
    for (const input of port === undefined ? this.#inputs.values() : [this.#input(port)]) input.complete();
  }

  /** With `manual`: lets the receiver behind a port take one more frame. Returns false if it waits for none. */
  take(port: string): boolean {
    return this.#output(port).take();
  }

  /** Sends a control message. Rejects with `SLUICE_NODE_CONTROL` if it is none of the node's. */
  send(message: ControlMessage): Promise<void> {
    return this.#node.send(message);
  }

  /** Interrupts the graph, as `graph.interrupt()` does. */
  interrupt(options: { readonly fadeMs?: number } = {}) {
    return this.#graph.interrupt(options);
  }

  /** Moves time on by `ms`. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** Lets promises settle without moving time. */
  settle(): Promise<void> {
    return this.clock.settle();
  }

  /** What `graph.inspect()` tells of the node and its probes. */
  inspect() {
    return this.#graph.inspect();
  }

  /**
   * Ends all inputs, lets the node finish in virtual time, and fails unless it ended in order and let every frame go.
   *
   * @param options.stop Stops the graph as well, for nodes that go on without inputs. Default false.
   * @throws AssertionError naming frames that are open; what the node failed with
   */
  async finish(options: { readonly stop?: boolean } = {}): Promise<void> {
    this.end();
    const stopped = options.stop === true ? this.#graph.stop() : undefined;
    stopped?.catch(() => {});
    await this.clock.run({ limitMs: 60_000 });
    if (this.#status === 'running') {
      await this[Symbol.asyncDispose]();
      throw new SluiceError('SLUICE_DEADLINE', 'the node did not end with its inputs', {
        expected: 'its outputs to end when its inputs have, and onDrain has settled',
        fix: 'Settle the promise of onDrain, or use finish({ stop: true }) for a node that goes on',
      });
    }
    this.close();
    if (this.#status === 'failed') throw this.#error;
    this.frames.assertNone();
  }

  /** Stops the graph, as `graph.stop()` does: its sources end, and what they gave is finished. */
  stop(): Promise<void> {
    return this.#graph.stop();
  }

  /** Ends everything at once, as `graph.abort()` does. */
  async abort(): Promise<void> {
    this.#graph.abort();
    await this.clock.run({ limitMs: 60_000 });
    await this.#over;
    this.close();
  }

  /** Closes what came out, and stops counting. */
  close(): void {
    for (const { arrivals } of this.#outputs.values()) for (const { frame } of arrivals) closeFrame(frame);
    this.frames.stop();
  }

  /** Cleans up without judging. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#status === 'running') await this.abort();
    else this.close();
  }

  #input(name: string): ProbeSource<Frame> {
    return found(this.#inputs, name, 'input');
  }

  #output(name: string) {
    return found(this.#outputs, name, 'output');
  }
}

function found<T>(ports: ReadonlyMap<string, T>, name: string, what: string): T {
  const port = ports.get(name);
  if (port !== undefined) return port;
  throw new RangeError(`the node has no ${what} ${name}; expected one of ${[...ports.keys()].join(', ')}`);
}
