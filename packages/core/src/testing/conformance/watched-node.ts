import type { Frame } from '../../media/frame.ts';
import type { NodeBlueprint, NodeContext, NodeHandlers, Ports } from '../../node/define-node.ts';
import { PLUGIN_CONTRACT } from '../../node/plugin-contract.ts';

/** What a check does while the node is in one of its handlers. */
export interface NodeWatch {
  /** It emits: the port that the frame leaves by in place of the one it chose. */
  readonly emits?: (port: string) => string;
  /** It was given a frame, and its handler is about to return. */
  readonly handled?: () => void;
}

const handlerNames = [
  'onFrame',
  'onFormat',
  'onEnd',
  'onDrain',
  'accepts',
  'onInterrupt',
  'onControl',
  'onPortAdded',
  'onPortRemoved',
  'onStop',
  'close',
] as const satisfies readonly (keyof NodeHandlers)[];

/** A node of which a trial sees when it is closed and what it emits, and whose faults come to light in one check each. */
export class WatchedNode {
  readonly blueprint: NodeBlueprint;
  /** What it emitted after it was closed. */
  late = 0;
  #handlers: NodeHandlers | undefined;
  #closed = false;

  constructor(blueprint: NodeBlueprint, watch: NodeWatch = {}) {
    const free = Object.fromEntries(Object.keys(blueprint.outputs).map((name) => [name, {}]));
    this.blueprint = {
      ...blueprint,
      // Contract and formats have a check of their own; a graph would refuse the node in all others.
      contract: PLUGIN_CONTRACT,
      outputs: free as Ports,
      create: (context) => this.#wrap(blueprint.create(this.#context(context, watch)), watch),
    };
  }

  /** Closes it once more. */
  closeAgain(): void {
    this.#handlers?.close?.();
  }

  #context(context: NodeContext, watch: NodeWatch): NodeContext {
    const leaving = (port: string) => {
      if (this.#closed) this.late++;
      return this.#closed ? port : (watch.emits?.(port) ?? port);
    };
    const own: Partial<NodeContext> = {
      emit: (port, frame: Frame) => context.emit(leaving(port), frame as never),
      send: (port, frame: Frame) => context.send(leaving(port), frame as never),
    };
    return new Proxy(context, {
      get(target, key) {
        if (Object.hasOwn(own, key)) return Reflect.get(own, key);
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  #wrap(handlers: NodeHandlers, watch: NodeWatch): NodeHandlers {
    this.#handlers = handlers;
    const wrapped: Record<string, unknown> = {};
    for (const name of handlerNames) {
      if (handlers[name] === undefined) continue;
      wrapped[name] = (...args: never[]) => (handlers[name] as (...given: never[]) => unknown).apply(handlers, args);
    }
    if (handlers.onFrame !== undefined)
      wrapped.onFrame = (port: string, frame: Frame) => {
        const work = handlers.onFrame!(port, frame as never);
        watch.handled?.();
        return work;
      };
    wrapped.close = () => {
      this.#closed = true;
      handlers.close?.();
    };
    return wrapped;
  }
}
