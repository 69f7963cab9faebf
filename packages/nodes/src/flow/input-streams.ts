import {
  type ActorContext,
  CreditContext,
  createOperator,
  type Frame,
  invalidArgument,
  SluiceError,
  withContext,
} from '@sluice/core';
import type { Observable, Subscriber, Subscription } from 'rxjs';

/** Where the frames of one stream go: a queue of a mixer, a cell of a compositor. */
export interface StreamInput<F> {
  readonly id: string;
  readonly hasRoom: boolean;
  push(frame: F): void;
  end(): void;
}

export interface InputStreamsOptions<I> {
  /** `mix`, as messages and graphs show it. */
  readonly name: string;
  /** Whether an input that can be asked may send. Default: while it has room. */
  readonly isOpen?: (input: I) => boolean;
  /** Called when an input fails: it leaves, the others go on. Without it, the output fails. */
  readonly onInputError: ((id: string, error: unknown) => void) | undefined;
  /** An input has changed. */
  readonly onChange: () => void;
}

interface Connected {
  readonly credit: CreditContext;
  subscription: Subscription | undefined;
}

/**
 * Streams that become one, and come and go while it runs: each is held back by its own input only. What is added before
 * the output is subscribed to waits for it.
 */
export class InputStreams<F extends Frame, I extends StreamInput<F>> {
  readonly #options: InputStreamsOptions<I>;
  // By input, not by name: one that leaves may go on for a moment beside another that took its name.
  readonly #waiting = new Map<I, Observable<F>>();
  readonly #connected = new Map<I, Connected>();
  #nextId = 0;
  #context: ActorContext | undefined;
  #output: Subscriber<F> | undefined;

  constructor(options: InputStreamsOptions<I>) {
    this.#options = options;
  }

  /** Connects a stream to an input, which is made for its name. */
  add(source: Observable<F>, id: string | undefined, create: (id: string) => I): I {
    if (typeof source?.subscribe !== 'function')
      throw invalidArgument(`${this.#options.name}.source`, 'an Observable of frames', source);
    const input = create(id ?? String(this.#nextId++));
    this.#waiting.set(input, source);
    if (this.#output !== undefined) this.#connect(input);
    return input;
  }

  /** The output is subscribed to. False, and an error for it, if that is not the first time. */
  open(output: Subscriber<F>, context: ActorContext): boolean {
    if (this.#context !== undefined) {
      const { name } = this.#options;
      const what = `the output of ${name} serves one subscription`;
      output.error(new SluiceError('SLUICE_SUBSCRIBED_TWICE', what, { fix: 'Share it with `tee`' }));
      return false;
    }
    this.#context = context;
    this.#output = output;
    return true;
  }

  connectAll(): void {
    for (const input of [...this.#waiting.keys()]) if (this.#output?.closed === false) this.#connect(input);
  }

  /** An input may have room again, or all of them. */
  wake(input?: I): void {
    if (input !== undefined) this.#connected.get(input)?.credit.wake();
    else for (const { credit } of this.#connected.values()) credit.wake();
  }

  /** The input is gone. */
  disconnect(input: I): void {
    this.#waiting.delete(input);
    this.#connected.get(input)?.subscription?.unsubscribe();
    this.#connected.delete(input);
  }

  close(): void {
    this.#output = undefined;
    for (const { subscription } of this.#connected.values()) subscription?.unsubscribe();
    this.#connected.clear();
  }

  #connect(input: I): void {
    const source = this.#waiting.get(input)!;
    this.#waiting.delete(input);
    const { name, isOpen = ({ hasRoom }: I) => hasRoom, onChange } = this.#options;
    const credit = new CreditContext(this.#context!, { isOpen: () => isOpen(input), apart: true });
    const connected: Connected = { credit, subscription: undefined };
    this.#connected.set(input, connected);
    const intake = createOperator<F, never>({ name: `${name} input` }, (end) => {
      connected.subscription = end;
      return {
        next(frame) {
          input.push(frame);
          onChange();
        },
        complete() {
          input.end();
          onChange();
          end.complete();
        },
      };
    });
    withContext(credit, () => source.pipe(intake).subscribe({ error: (error) => this.#failed(input, error) }));
  }

  #failed(input: I, error: unknown): void {
    const { onInputError, onChange } = this.#options;
    if (onInputError === undefined) {
      this.#output?.error(error);
      return;
    }
    input.end();
    try {
      onInputError(input.id, error);
    } catch (thrown) {
      this.#context?.report(thrown);
    }
    onChange();
  }
}
