import {
  actorContext,
  BareFlow,
  CreditContext,
  checkKeys,
  cloneFrame,
  closeFrame,
  createOperator,
  type Frame,
  invalidArgument,
  SluiceError,
  withContext,
} from '@sluice/core';
import type { Observable, Subscriber } from 'rxjs';
import { checkChoice, checkNumber } from '../options/check-option.ts';
import { Standstill } from './standstill.ts';
import { TeeBranch } from './tee-branch.ts';

/** How many branches {@link tee} has, and what may wait for each. */
export interface TeeOptions {
  /** How many branches, from 1 to 1,000. */
  readonly branches: number;
  /** Media that may wait for a branch without room, in milliseconds. Default 200. */
  readonly capacityMs?: number;
  /**
   * What happens beyond it: `block` holds the source back, and is an error of that branch if the source cannot be;
   * `drop-oldest` leaves a gap in that branch and holds nobody. Default `block`.
   */
  readonly onFull?: 'block' | 'drop-oldest';
}

/**
 * Gives one stream to several receivers.
 *
 * The source is subscribed to once, when the last branch is, so that every branch gets every frame; it is left when the
 * last branch leaves. Branches share samples without copying them, and each closes its own frames. What a branch has no
 * room for waits in a queue of its own: the source is read while any branch wants a frame and all others can keep it, so
 * branches that join again behind a `delay` or `fade` need as much capacity as that keeps. A branch that leaves or fails
 * changes nothing for the others. Each branch takes one subscription. In a graph, link one port to several inputs instead.
 * Adds no latency.
 *
 * @example
 * ```ts
 * const [heard, recorded] = tee(fromSpeaker(speaker), { branches: 2 });
 * recorded?.subscribe(toWavFile('call.wav'));
 * heard?.pipe(level({ onLevel: ({ rmsDb }) => draw(rmsDb) })).subscribe(toNull());
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 */
export function tee<F extends Frame>(source: Observable<F>, options: TeeOptions): readonly Observable<F>[] {
  checkKeys<TeeOptions>('tee', options, { branches: true, capacityMs: true, onFull: true });
  const { branches, capacityMs = 200, onFull = 'block' } = options;
  if (typeof source?.subscribe !== 'function') throw invalidArgument('tee.source', 'an Observable of frames', source);
  checkNumber('tee.branches', branches, { min: 1, max: 1_000, unit: 'branches', integer: true });
  checkNumber('tee.capacityMs', capacityMs, { min: 1, max: 3_600_000, unit: 'ms' });
  checkChoice('tee.onFull', onFull, ['block', 'drop-oldest']);
  const hub = new Hub(source, branches, capacityMs * 1000, onFull === 'block');
  return Array.from({ length: branches }, () => hub.branch());
}

class Hub<F extends Frame> {
  readonly #source: Observable<F>;
  readonly #count: number;
  readonly #capacity: number;
  readonly #blocks: boolean;
  readonly #branches = new Set<TeeBranch<F>>();
  #subscribed = 0;
  #credit: CreditContext | undefined;
  #intake: Subscriber<never> | undefined;
  #standstill: Standstill | undefined;

  constructor(source: Observable<F>, count: number, capacity: number, blocks: boolean) {
    this.#source = source;
    this.#count = count;
    this.#capacity = capacity;
    this.#blocks = blocks;
  }

  branch(): Observable<F> {
    let used = false;
    return new BareFlow<F>((destination) => {
      if (used) {
        destination.error(new SluiceError('SLUICE_SUBSCRIBED_TWICE', 'a branch of a tee takes one subscription'));
        return;
      }
      used = true;
      const branch = new TeeBranch<F>(destination, actorContext(), this.#capacity, this.#blocks, () =>
        this.#credit?.wake(),
      );
      this.#branches.add(branch);
      destination.add(() => this.#leave(branch));
      this.#subscribed++;
      if (this.#subscribed === this.#count) this.#connect();
    });
  }

  #leave(branch: TeeBranch<F>): void {
    this.#branches.delete(branch);
    branch.close();
    if (this.#branches.size > 0) return this.#credit?.wake();
    this.#standstill?.close();
    this.#intake?.unsubscribe();
  }

  #connect(): void {
    const credit = new CreditContext(actorContext(), { isOpen: () => this.#askRoom(), apart: true, ignoreRoom: true });
    this.#credit = credit;
    const context = actorContext();
    const tell = () => context.report(this.#stands());
    this.#standstill = new Standstill(context.clock, () => this.#look() === 'standing', tell);
    const intake = createOperator<F, never>({ name: 'tee' }, (end) => {
      this.#intake = end;
      if (this.#branches.size === 0) end.unsubscribe();
      return {
        next: (frame) => this.#next(frame),
        complete: () => {
          this.#standstill?.close();
          for (const branch of [...this.#branches]) branch.end();
          end.complete();
        },
      };
    });
    const error = (reason: unknown) => {
      for (const branch of [...this.#branches]) branch.fail(reason);
    };
    withContext(credit, () => this.#source.pipe(intake).subscribe({ error }));
  }

  #next(frame: F): void {
    this.#standstill?.moved();
    const branches = [...this.#branches];
    const last = branches.pop();
    for (const branch of branches) branch.take(cloneFrame(frame));
    if (last === undefined) closeFrame(frame);
    else last.take(frame);
  }

  #askRoom(): boolean {
    if (!this.#blocks) return true;
    const state = this.#look();
    if (state === 'standing') this.#standstill?.arm();
    return state === 'open';
  }

  /**
   * Whether a branch wants a frame, and the others can keep one until they do. Those without room say when they have.
   * `standing`: one wants a frame, and another can keep no more.
   */
  #look(): 'open' | 'full' | 'standing' {
    let wanted = false;
    let kept = true;
    for (const branch of this.#branches) {
      wanted = branch.askRoom() || wanted;
      kept &&= branch.mayKeep;
    }
    if (!wanted) return 'full';
    return kept ? 'open' : 'standing';
  }

  #stands(): SluiceError {
    const full = [...this.#branches].flatMap((branch, index) => (branch.mayKeep ? [] : [index]));
    return new SluiceError(
      'SLUICE_GRAPH_STALLED',
      'a tee reads nothing more: one branch takes no frames, another waits for one',
      {
        expected: `branch ${full.join(', ')} to take some of the ${this.#capacity / 1000} ms that wait for it`,
        fix: 'If the branches join again, raise capacityMs to what is kept on the way of the other; else look at who takes nothing',
      },
    );
  }
}
