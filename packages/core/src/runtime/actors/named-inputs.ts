import type { MediaConstraint } from '../../media/media-format.ts';
import { InPort, type PortOptions } from '../ports/in-port.ts';
import type { Actor, ActorInput } from './actor.ts';

/** What a node is told of its inputs by name. */
export interface NamedInputsOwner {
  /** Throws what the node has against the input. */
  added(port: ActorInput): void;
  /** As `added`, for one that it had before: what it has against it is its failure. */
  addedAgain(port: ActorInput): void;
  removed(port: ActorInput): void;
}

/** Those inputs of a node that come and go by name, with options of their own. */
export class NamedInputs {
  readonly #node: Actor;
  readonly #owner: NamedInputsOwner;
  readonly #constraint: MediaConstraint | undefined;
  /** Those that come with the change that is being set up. */
  readonly #announced = new Set<ActorInput>();

  constructor(node: Actor, owner: NamedInputsOwner, constraint: MediaConstraint | undefined) {
    this.#node = node;
    this.#owner = owner;
    this.#constraint = constraint;
  }

  /** Whether a link may lead to the port: it is there, or comes with the change that is being set up. */
  has(port: ActorInput): boolean {
    return this.#announced.has(port) || this.#node.inputs.includes(port);
  }

  /** The input of that name that is there or announced, declared ones included. */
  find(name: string): ActorInput | undefined {
    for (const port of this.#announced) if (port.name === name) return port;
    return this.#node.inputs.find((port) => port.name === name);
  }

  /** Makes an input. A node that is not open yet has it at once, another when it is admitted. */
  announce(name: string, options: PortOptions): ActorInput {
    const port: ActorInput = new InPort(this.#node, name, this.#constraint, options);
    if (this.#node.state === 'idle') this.#node.inputs.push(port);
    else this.#announced.add(port);
    return port;
  }

  /** An announced input does not come after all. */
  withdraw(port: ActorInput): void {
    this.#announced.delete(port);
  }

  /**
   * An announced input comes, in the place of one of its name; one that is over begins anew. Returns what undoes it.
   * Throws what the node has against it, and is then as before.
   */
  admit(port: ActorInput): () => void {
    const { inputs } = this.#node;
    const former = inputs.find(({ name }) => name === port.name);
    this.#announced.delete(port);
    if (former !== undefined) this.remove(former);
    inputs.push(port);
    const undo = () => {
      inputs.splice(inputs.indexOf(port), 1);
      if (former === undefined || former === port) return;
      inputs.push(former);
      this.#owner.addedAgain(former);
    };
    try {
      this.#owner.added(port);
    } catch (error) {
      undo();
      throw error;
    }
    return () => {
      this.#owner.removed(port);
      undo();
    };
  }

  /** A declared input stays. */
  remove(port: ActorInput): void {
    const { inputs } = this.#node;
    if (port.options === undefined || !inputs.includes(port)) return;
    inputs.splice(inputs.indexOf(port), 1);
    this.#owner.removed(port);
  }
}
