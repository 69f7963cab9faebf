// What the author of a node declares: ports, options, links, supervision. Nothing that runs a node.

import { invalidArgument } from '../errors.ts';
import type { MediaFormat } from '../media/media-format.ts';
import type { ActorContext, ControlMessage, Interruption } from '../operators/actor-context.ts';
import { type ControlSpecs, checkControls } from '../operators/control-spec.ts';
import { checkFactoryOptions, type NodeArguments } from './node-options.ts';
import { brand, PLUGIN_CONTRACT } from './plugin-contract.ts';
import type { FrameOf, PortSpec } from './port.ts';
import type { PrefetchContext } from './prefetch.ts';
import { inputSchema, type JsonSchema } from './schema-keys.ts';
import { shownOptions } from './shown-options.ts';
import type { StandardSchema } from './standard-schema.ts';

/** Ports of a node by their names. */
export type Ports = Readonly<Record<string, PortSpec>>;
type Name<P> = keyof P & string;

/** What a node may do, beside what every actor may. */
export interface NodeContext<O extends Ports = Ports> extends ActorContext {
  /**
   * Sends a frame out of a port. The frame belongs to the receiver from now on. While there is no room behind the port,
   * one frame may pass; another is `SLUICE_NODE_OVERFLOW`, a fault of the node. Where one frame becomes many, use `send`
   * or return an iterable from `onFrame`.
   */
  emit<K extends Name<O>>(port: K, frame: FrameOf<O[K]>): void;
  /**
   * Sends a frame as soon as there is room behind the port. Gives a promise only while there is none: `await` it before
   * you make the next frame. An interruption resolves it at once; the frame is then closed and counted. Whoever makes
   * more of what was interrupted looks whether the frame it came from is older than `epoch`.
   */
  send<K extends Name<O>>(port: K, frame: FrameOf<O[K]>): undefined | Promise<void>;
  /** Asks again whether ports may be read, after `accepts` said no. */
  wake(): void;
  /** For nodes without inputs: the stream is over. */
  end(): void;
  /** Whether what enters a port comes in its own time, from something live, or as fast as it is taken. */
  isPaced(port: string): boolean;
}

/** A frame and the port that it leaves by: what an iterable that a handler returns gives. */
export type Emission<O extends Ports = Ports> = { [K in Name<O>]: readonly [port: K, frame: FrameOf<O[K]>] }[Name<O>];

/** What a handler returns: nothing, a promise, or frames that are taken one by one as there is room. */
type Handled<O extends Ports> = void | Promise<void> | Iterable<Emission<O>> | AsyncIterable<Emission<O>>;

/** The names of all inputs; any name where inputs may be added. */
type InputName<I extends Ports, D> = [D] extends [PortSpec] ? string : Name<I>;
/** The frames of all inputs; tell them apart by `kind` where they differ. */
type InputFrame<I extends Ports, D> = FrameOf<I[Name<I>]> | FrameOf<D>;

/** What a node does. Calls come one at a time, never while another runs. */
export interface NodeHandlers<I extends Ports = Ports, D = undefined, O extends Ports = Ports> {
  /**
   * Takes a frame, which is the node's to forward or close. A promise holds the node back until it has settled. So does
   * an iterable or an async one (a generator) of `[port, frame]`: it is asked for its next pair while every output has
   * room, and ended by `return()` when what it makes was interrupted.
   */
  onFrame?(port: InputName<I, D>, frame: InputFrame<I, D>): Handled<O>;
  /** The format of what comes next on a port: before its first frame and on each change. */
  onFormat?(port: string, format: MediaFormat): void;
  /** A port's stream has ended. */
  onEnd?(port: string): void;
  /** All inputs have ended: emit what is left, as `onFrame` may. The outputs end when this has settled. */
  onDrain?(): Handled<O>;
  /** Whether a frame of this port may be delivered now. `context.wake()` makes the runtime ask again. */
  accepts?(port: string): boolean;
  /** Drop what was made before `interruption.epoch`. */
  onInterrupt?(interruption: Interruption): void;
  /** A control message. Returns whether it is one of yours. */
  onControl?(message: ControlMessage): boolean;
  /** A dynamic input came, with the options given to `input(name, options)`. */
  onPortAdded?(port: string, options: Readonly<Record<string, unknown>>): void;
  /** A dynamic input is gone, after its last frame: its name may come again. */
  onPortRemoved?(port: string): void;
  /** The graph is stopped: its sources end. For nodes that do not end with their inputs. */
  onStop?(): void;
  /** Give everything back. A graph calls it once; a second call must do no harm. */
  close?(): void;
}

/** What {@link defineNode} makes a node of: its ports, its options and what it does with frames. */
export interface NodeDefinition<
  Options,
  I extends Ports,
  O extends Ports,
  D extends PortSpec | undefined = undefined,
  Input = Options,
> {
  /** Lower case, as graphs and messages show it: `mixer`. */
  readonly name: string;
  /** The package that it comes from, for messages: `sluice-plugin-hum`. */
  readonly package?: string;
  /**
   * Checks and completes the options. Any Standard Schema (Zod, Valibot, ArkType, ...). The factory takes what the schema
   * takes, and refuses keys that its JSON Schema does not name.
   */
  readonly options?: StandardSchema<Input, Options>;
  /** The keys of the options, where the schema has no JSON Schema or there is none: others are refused. */
  readonly optionKeys?: readonly (keyof Input & string)[];
  /** The ports that every such node has, by name. `{}` for a source. */
  readonly inputs: I;
  /** Its outputs, by name. `{}` for a sink. */
  readonly outputs: O;
  /** If inputs may be added by name (`node.input('guest-1')`), what they take. */
  readonly dynamicInputs?: D;
  /** Formats of the outputs for given input formats, where they are known before the start. */
  readonly produces?: (
    inputs: Readonly<Record<string, MediaFormat | undefined>>,
    options: Options,
  ) => Readonly<Partial<Record<Name<O>, MediaFormat>>>;
  /** How many frames `onFrame` may have under way or held. Default 1. */
  readonly maxHeld?: number;
  /** Whether it emits in its own time, whatever has room, as a live source does; what its links do then, see there. */
  readonly live?: (options: Options) => boolean;
  /** Control messages that `onControl` takes, by their type: shown, and offered by forms. */
  readonly controls?: ControlSpecs;
  /** Throws at once for options given to `input(name, options)` that are not valid. */
  readonly checkInput?: (name: string, options: Readonly<Record<string, unknown>>) => void;
  /**
   * Fetches what the node needs before it can run, a model for example, and keeps it where `create` finds it. Called by
   * `graph.prefetch()`, never by the start; what is there already is not fetched again. Rejects with the signal's reason.
   */
  readonly prefetch?: (context: PrefetchContext & { readonly options: Options }) => Promise<void>;
  /** Makes what runs, anew for each node and each restart, as the graph starts; the options are checked by then. */
  readonly create: (options: Options, context: NodeContext<O>) => NodeHandlers<I, D, O>;
}

/** A definition with its options: what `graph.add` takes. May be added any number of times. */
export interface NodeBlueprint<
  I extends Ports = Ports,
  O extends Ports = Ports,
  D extends PortSpec | undefined = PortSpec | undefined,
> {
  /** The definition's; the id of a node that is added without a name. */
  readonly name: string;
  /** The `PLUGIN_CONTRACT` of the core that made it; `graph.add` compares it with its own. */
  readonly contract: number;
  /** The package that it comes from, where its definition says so. */
  readonly package?: string | undefined;
  /** The module of the core that made it, for messages. */
  readonly madeBy?: string | undefined;
  /** The options given, as plain data for people to look at; secrets are hidden. */
  readonly options?: unknown;
  /** The JSON Schema of its options, where their schema tells one. */
  readonly optionsSchema?: JsonSchema | undefined;
  /** Fetches what it needs before it can run. Absent if it needs nothing. */
  readonly prefetch?: ((context: PrefetchContext) => Promise<void>) | undefined;
  /** The definition's. */
  readonly inputs: I;
  /** The definition's. */
  readonly outputs: O;
  /** What inputs take that are added by name; undefined where none may be. */
  readonly dynamicInputs: D;
  /** How many frames `onFrame` may have under way or held: 1 where the definition says nothing. */
  readonly maxHeld: number;
  /** Whether it emits in its own time, with these options. */
  readonly live: boolean;
  /** Control messages that it takes, by their type, as far as its definition says so. */
  readonly controls?: ControlSpecs | undefined;
  /** What is doubtful about its options; `inspect()` tells. */
  readonly warnings?: readonly string[];
  /** Throws for options of an added input that are not valid. Does nothing where the definition checks none. */
  readonly checkInput: (name: string, options: Readonly<Record<string, unknown>>) => void;
  /** Formats of the outputs for given input formats; `{}` where they are not known before the start. */
  readonly produces: (
    inputs: Readonly<Record<string, MediaFormat | undefined>>,
  ) => Readonly<Record<string, MediaFormat | undefined>>;
  /** Makes what runs, with these options. */
  readonly create: (context: NodeContext<O>) => NodeHandlers<I>;
}

/** Makes blueprints of one node: call it with the options and add what it returns to a graph. */
export interface NodeFactory<Input, I extends Ports, O extends Ports, D extends PortSpec | undefined> {
  (...options: NodeArguments<Input>): NodeBlueprint<I, O, D>;
  /** The node's. */
  readonly name: string;
  /** The `PLUGIN_CONTRACT` of the core that it was defined with. */
  readonly contract: number;
  /** The JSON Schema of its options, draft 2020-12. Undefined where their schema tells none. */
  readonly optionsSchema: JsonSchema | undefined;
  /** Fetches what a node with these options needs before it can run. Undefined if it needs nothing. */
  readonly prefetch: ((context: PrefetchContext, ...options: NodeArguments<Input>) => Promise<void>) | undefined;
}

/**
 * Defines a node with named, typed ports. The result is a factory: give it options and add what it returns to a graph.
 *
 * @example
 * const splitter = defineNode({
 *   name: 'splitter',
 *   inputs: { in: audioPort({ channels: 2 }) },
 *   outputs: { left: audioPort({ channels: 1 }), right: audioPort({ channels: 1 }) },
 *   create: (_options, context) => ({
 *     onFrame(_port, frame) {
 *       for (const [channel, port] of (['left', 'right'] as const).entries())
 *         context.emit(port, frame.derive({ channels: 1, samples: frame.samples.filter((_, i) => i % 2 === channel) }));
 *       frame.close();
 *     },
 *   }),
 * });
 */
export function defineNode<
  Options,
  const I extends Ports,
  const O extends Ports,
  const D extends PortSpec | undefined = undefined,
  Input = Options,
>(definition: NodeDefinition<Options, I, O, D, Input>): NodeFactory<Input, I, O, D> {
  if (typeof definition.name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(definition.name))
    throw invalidArgument('name', 'lower-case letters, digits and hyphens', definition.name);
  if (typeof definition.create !== 'function')
    throw invalidArgument(`${definition.name}.create`, 'a function that returns handlers', definition.create);
  checkControls(definition.name, definition.controls);
  const { prefetch } = definition;
  if (prefetch !== undefined && typeof prefetch !== 'function')
    throw invalidArgument(`${definition.name}.prefetch`, 'a function that returns a promise', prefetch);
  const make = (...options: NodeArguments<Input>) => blueprintOf(definition, options[0]);
  const properties = {
    name: { value: definition.name },
    contract: { value: PLUGIN_CONTRACT },
    optionsSchema: { get: () => definition.options && inputSchema(definition.options) },
    prefetch: {
      value:
        prefetch &&
        (async (context: PrefetchContext, ...options: NodeArguments<Input>) => make(...options).prefetch!(context)),
    },
  };
  return Object.defineProperties(make, properties) as NodeFactory<Input, I, O, D>;
}

function blueprintOf<Options, I extends Ports, O extends Ports, D extends PortSpec | undefined, Input>(
  definition: NodeDefinition<Options, I, O, D, Input>,
  given: unknown,
): NodeBlueprint<I, O, D> {
  const { options, warnings } = checkFactoryOptions(definition, given);
  const { prefetch } = definition;
  return brand({
    name: definition.name,
    contract: PLUGIN_CONTRACT,
    package: definition.package,
    madeBy: import.meta.url,
    get options() {
      return shownOptions(given ?? {}, this.optionsSchema);
    },
    get optionsSchema() {
      return definition.options && inputSchema(definition.options);
    },
    prefetch: prefetch && (async (context) => prefetch({ ...context, options })),
    inputs: definition.inputs,
    outputs: definition.outputs,
    // Undefined is what D is where there are none.
    dynamicInputs: definition.dynamicInputs as D,
    maxHeld: definition.maxHeld ?? 1,
    live: definition.live?.(options) ?? false,
    controls: definition.controls,
    warnings,
    checkInput: (name, portOptions) => definition.checkInput?.(name, portOptions),
    produces: (inputs) => definition.produces?.(inputs, options) ?? {},
    // The runtime calls the handlers with the frames of the declared ports only.
    create: (context) => definition.create(options, context) as unknown as NodeHandlers<I>,
  });
}
