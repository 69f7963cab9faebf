import type { Clock } from '../../time/clock.ts';
import { realClock } from '../../time/real-clock.ts';
import { ManagedSession } from '../../voice/managed-session.ts';
import type { OpenOptions, PrefetchOptions, VoiceSession } from '../../voice/model.ts';
import type { SessionContext, SessionHandlers } from '../../voice/session.ts';
import { type Crossing, type Passage, promised } from '../passage/passage.ts';
import { type AnyModel, asModel, factsOfModel } from './model-facts.ts';

/**
 * A model at the border: what it is asked goes out, what it tells comes in. A replay has its facts and its events from the
 * session, and needs neither the model nor its keys.
 */
export function sessionModel(passage: Passage, end: string, real: AnyModel | undefined): AnyModel {
  const facts = passage.open(end, () => {}).ask('model', () => factsOfModel(real!), {});
  const promise = <T>(what: string, act: () => Promise<T>) => promised(passage, end, what, undefined, act);
  return Object.freeze({
    ...asModel(facts),
    prefetch: (options?: PrefetchOptions) => promise('prefetch', () => real!.prefetch(options)),
    open: (options: OpenOptions<object> = {}) => openSession(passage, end, real, options),
  }) as unknown as AnyModel;
}

const merge = (given: object, base: object) => ({ ...base, ...given });

async function openSession(
  passage: Passage,
  end: string,
  real: AnyModel | undefined,
  { signal, clock = realClock, settings = {}, secrets = {} }: OpenOptions<object>,
): Promise<VoiceSession<object, object, object>> {
  signal?.throwIfAborted();
  const session = new ManagedSession<object, object, object>(end, settings, merge);
  const begin = (context: SessionContext<object, object>) =>
    new ModelCrossing(passage, end, context, () => void session.close()).start(real);
  await session.start(begin, { clock, secrets, signal });
  return session;
}

/** One session of a model: the inner one is asked by the graph, the outer one answers. */
class ModelCrossing {
  readonly #passage: Passage;
  readonly #end: string;
  readonly #context: SessionContext<object, object>;
  readonly #crossing: Crossing;
  readonly #ended: () => void;
  readonly #opening = new AbortController();
  #outer: VoiceSession<object, object, object> | undefined;
  #waiting: (() => void) | undefined;
  #refusal: { readonly error: unknown } | undefined;

  constructor(passage: Passage, end: string, context: SessionContext<object, object>, ended: () => void) {
    this.#passage = passage;
    this.#end = end;
    this.#context = context;
    this.#ended = ended;
    this.#crossing = passage.open(end, this.#told);
  }

  async start(real: AnyModel | undefined): Promise<SessionHandlers<object>> {
    const { settings, secrets, signal } = this.#context;
    const abort = () => this.#crossing.call('abort', undefined, () => this.#opening.abort(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    await this.#promise('open', settings, async () => {
      const clock = this.#passage.outside as Clock;
      this.#outer = await real!.open({ clock, settings, secrets, signal: this.#opening.signal });
      void this.#read(this.#outer);
    }).finally(() => signal.removeEventListener('abort', abort));
    return {
      write: (item) => this.#write(item),
      flush: () => this.#promise('flush', undefined, () => this.#outer!.flush()),
      onUpdate: () => this.#update(),
      onCancel: (epoch) => this.#crossing.call('cancel', epoch, () => this.#outer?.cancel(epoch)),
      close: () => this.#close(),
    };
  }

  #write(item: object): void | Promise<void> {
    let full: Promise<void> | undefined;
    this.#full = () => {
      full = new Promise((resolve) => {
        this.#waiting = resolve;
      });
    };
    this.#crossing.call('write', item, () => {
      try {
        const written = this.#outer!.write(item);
        if (!(written instanceof Promise)) return;
        this.#crossing.tell('full');
        const room = () => this.#crossing.tell('room');
        written.then(room, room);
      } catch (error) {
        this.#crossing.tell('failed', error);
      }
    });
    return full;
  }

  #full = (): void => {};

  #update(): void {
    const { settings } = this.#context;
    this.#refusal = undefined;
    this.#crossing.call('update', settings, () => {
      try {
        this.#outer?.update(settings);
      } catch (error) {
        this.#crossing.tell('refused', error);
      }
    });
    const refusal = this.#refusal as { readonly error: unknown } | undefined;
    if (refusal !== undefined) throw refusal.error;
  }

  async #close(): Promise<void> {
    await this.#promise('close', undefined, async () => this.#outer?.close());
    this.#crossing.close();
  }

  async #read(outer: VoiceSession<object, object, object>): Promise<void> {
    try {
      for await (const event of outer) this.#crossing.tell('event', event);
      this.#crossing.tell('ended');
    } catch (error) {
      this.#crossing.tell('failed', error);
    }
  }

  readonly #told = (what: string, value: unknown): void => {
    if (what === 'event') this.#context.emit(value as object);
    else if (what === 'full') this.#full();
    else if (what === 'room') {
      this.#waiting?.();
      this.#waiting = undefined;
    } else if (what === 'failed') this.#context.fail(value);
    else if (what === 'ended') this.#ended();
    else if (what === 'refused') this.#refusal = { error: value };
  };

  #promise<T>(what: string, value: unknown, act: () => Promise<T>): Promise<T> {
    return promised(this.#passage, this.#end, what, value, act);
  }
}
