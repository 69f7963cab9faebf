import type { Frame, NodeContext, PortSpec } from '@sluice/core';
import { type Observable, Subject } from 'rxjs';

/** What a node of many inputs drives: a mixer, a compositor. */
export interface JoinDesk<F extends Frame, I extends JoinDeskInput> {
  readonly output: Observable<F>;
  add(source: Observable<F>, options: { readonly id: string }): I;
  /** No input will be added: it ends with its last one. */
  end(): void;
}

export interface JoinDeskInput {
  readonly hasRoom: boolean;
  readonly ended: boolean;
  remove(): void;
}

interface Guest<F, I> {
  readonly stream: Subject<F>;
  readonly input: I;
}

/** A node around a desk: an input port for each of its inputs, its output at `out`. */
export class JoinNode<F extends Frame, I extends JoinDeskInput> {
  readonly #desk: JoinDesk<F, I>;
  readonly #guests = new Map<string, Guest<F, I>>();
  /** Settles when everything has left. */
  readonly drained: Promise<void>;
  #failure: { readonly error: unknown } | undefined;

  constructor(desk: JoinDesk<F, I>, context: NodeContext<{ out: PortSpec<F> }>) {
    this.#desk = desk;
    this.drained = new Promise((resolve, reject) => {
      const failed = (error: unknown) => {
        this.#failure ??= { error };
        reject(error);
        context.wake();
      };
      const subscription = desk.output.subscribe({
        next: (frame) => {
          try {
            context.emit('out', frame as never);
          } catch (error) {
            // RxJS would throw it in a timer, where it ends the process.
            return failed(error);
          }
          context.wake();
        },
        error: failed,
        complete: resolve,
      });
      context.signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
    });
    // Whoever waits for the drain sees the rejection.
    this.drained.catch(() => {});
  }

  /** The input behind a port. */
  input(port: string): I {
    return this.#guests.get(port)!.input;
  }

  readonly accepts = (port: string): boolean => {
    // The output failed in a timer: what is thrown here is the node's failure.
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#guests.get(port)?.input.hasRoom ?? false;
  };

  readonly onPortAdded = (port: string, options: Readonly<Record<string, unknown>>): void => {
    const stream = new Subject<F>();
    this.#guests.set(port, { stream, input: this.#desk.add(stream, { ...options, id: port }) });
  };

  readonly onPortRemoved = (port: string): void => {
    const input = this.input(port);
    // What has ended is heard or shown to its end.
    if (!input.ended) input.remove();
    this.#guests.delete(port);
  };

  readonly onFrame = (port: string, frame: F): void => this.#guests.get(port)!.stream.next(frame);

  readonly onEnd = (port: string): void => this.#guests.get(port)!.stream.complete();

  readonly onDrain = (): Promise<void> => {
    this.#desk.end();
    return this.drained;
  };
}
