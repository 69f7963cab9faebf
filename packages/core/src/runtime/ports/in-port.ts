import type { MediaConstraint, MediaFormat } from '../../media/media-format.ts';
import type { ArrivingLink, PortOwner } from '../contract.ts';
import { SoundSample } from './sound-sample.ts';

/** What belongs to an input by name, for the node: `{ gain: 0.5 }`. */
export type PortOptions = Readonly<Record<string, unknown>>;

/** Where frames enter an actor. Any number of links may lead to it. */
export class InPort<A extends PortOwner, L extends ArrivingLink> {
  readonly actor: A;
  readonly name: string;
  readonly constraint: MediaConstraint | undefined;
  /** Those given to `input(name, options)`; undefined for a declared input. */
  readonly options: PortOptions | undefined;
  links: readonly L[] = [];
  /** The format of what comes next, as far as it is known. */
  format: MediaFormat | undefined;
  /** False while the actor has room in general but not for this port. */
  open = true;
  /** What the sound is like that enters here. */
  readonly sound = new SoundSample();
  /** True once every link of it has ended. */
  ended = false;

  constructor(actor: A, name: string, constraint: MediaConstraint | undefined, options?: PortOptions) {
    this.actor = actor;
    this.name = name;
    this.constraint = constraint;
    this.options = options;
  }

  /** Whether the links must look at each frame's format. */
  get watchesFormat(): boolean {
    const kind = this.constraint?.kind;
    return kind === 'audio' || kind === 'video' || this.actor.wantsFormats;
  }

  get id(): string {
    return `${this.actor.id}.${this.name}`;
  }

  /** Whether nothing more comes from the links that lead to it now. */
  get over(): boolean {
    return this.links.every((link) => link.ending);
  }

  /** Whether frames come in the time of a source that cannot wait. */
  isPaced(seen: Set<PortOwner> = new Set()): boolean {
    return this.links.some((link) => link.isPaced(seen));
  }

  formatChanged(format: MediaFormat): void {
    this.actor.formatChanged(this, format);
  }
}
