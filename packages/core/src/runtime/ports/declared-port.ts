import { SluiceError } from '../../errors.ts';
import type { Frame } from '../../media/frame.ts';
import { describeConstraint, describeFormat, type MediaConstraint, satisfies } from '../../media/media-format.ts';
import { FormatWatch } from './format-watch.ts';

/** Holds what leaves a port to what its node declared. A few comparisons a frame while the format stays the same. */
export class DeclaredPort {
  readonly #id: string;
  readonly #constraint: MediaConstraint;
  readonly #watch = new FormatWatch();

  constructor(id: string, constraint: MediaConstraint) {
    this.#id = id;
    this.#constraint = constraint;
  }

  /** What is wrong with a frame of `node`, if anything is. What is no frame at all is judged elsewhere. */
  fault(frame: Frame, node: string): SluiceError | undefined {
    const kind: unknown = frame?.kind;
    if (typeof kind !== 'string') return undefined;
    const format = this.#watch.changed(frame) ?? (kind === this.#constraint.kind ? undefined : { kind });
    if (format === undefined) return undefined;
    if (!satisfies(format, this.#constraint))
      return new SluiceError('SLUICE_FRAME_SHAPE', `${this.#id} emitted a frame of another format than it declares`, {
        expected: describeConstraint(this.#constraint),
        received: describeFormat(format),
        fix: 'Declare what leaves the port, or convert before emitting',
        nodeId: node,
      });
    this.#watch.agree(format);
    return undefined;
  }
}
