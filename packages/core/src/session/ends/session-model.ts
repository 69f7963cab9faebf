import type { Clock } from '../../time/clock.ts';
import { realClock } from '../../time/real-clock.ts';
import { ManagedSession } from '../../voice/managed-session.ts';
import type { ModelSwitch, OpenOptions, PrefetchOptions, VoiceSession } from '../../voice/model.ts';
import type { SessionContext, SessionHandlers } from '../../voice/session.ts';
import { outsideOf } from '../passage/inside-clock.ts';
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

/** Its settings are the model's own, defaults included, as soon as it has said them. */
class ModelSession extends ManagedSession<object, object, object> {
  known: object | undefined;

  override get settings(): object {
    return this.known ?? super.settings;
  }
}

async function openSession(
  passage: Passage,
  end: string,
  real: AnyModel | undefined,
  options: OpenOptions<object>,
): Promise<VoiceSession<object, object, object>> {
  const { signal, clock = realClock, random = Math.random, settings = {}, secrets = {}, onSwitch } = options;
  signal?.throwIfAborted();
  const session = new ModelSession(end, settings, merge);
  const begin = (context: SessionContext<object, object>) =>
    new ModelCrossing(passage, end, context, { session, onSwitch }).start(real);
  await session.start(begin, { clock, random, secrets, signal });
  return session;
}

/** Who is told inside. */
interface Inner {
  readonly session: ModelSession;
  readonly onSwitch: ((change: ModelSwitch) => void) | undefined;
}

/** One session of a model: the inner one is asked by the graph, the outer one answers. */
class ModelCrossing {
  readonly #passage: Passage;
  readonly #end: string;
  readonly #context: SessionContext<object, object>;
  readonly #crossing: Crossing;
  readonly #inner: Inner;
  readonly #opening = new AbortController();
  #outer: VoiceSession<object, object, object> | undefined;
  #waiting: (() => void) | undefined;
  #refusal: { readonly error: unknown } | undefined;

  constructor(passage: Passage, end: string, context: SessionContext<object, object>, inner: Inner) {
    this.#passage = passage;
    this.#end = end;
    this.#context = context;
    this.#inner = inner;
    this.#crossing = passage.open(end, this.#told);
  }

  async start(real: AnyModel | undefined): Promise<SessionHandlers<object>> {
    const { settings, secrets, signal } = this.#context;
    const abort = () => this.#crossing.call('abort', undefined, () => this.#opening.abort(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    const open = async () => {
      const clock = outsideOf(this.#context.clock) ?? (this.#passage.outside as Clock);
      const outer = await real!.open({ clock, settings, secrets, signal: this.#opening.signal, onSwitch });
      this.#outer = outer;
      void this.#read(outer);
      return outer.settings;
    };
    const onSwitch = (change: ModelSwitch) => {
      this.#crossing.tell('switch', change);
      if (this.#outer !== undefined) this.#crossing.tell('settings', this.#outer.settings);
    };
    this.#inner.session.known = await this.#promise('open', settings, open).finally(() =>
      signal.removeEventListener('abort', abort),
    );
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
        this.#crossing.tell('settings', this.#outer?.settings);
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
    else if (what === 'ended') void this.#inner.session.close();
    else if (what === 'settings') this.#inner.session.known = value as object | undefined;
    else if (what === 'switch') this.#inner.onSwitch?.(value as ModelSwitch);
    else if (what === 'refused') this.#refusal = { error: value };
  };

  #promise<T>(what: string, value: unknown, act: () => Promise<T>): Promise<T> {
    return promised(this.#passage, this.#end, what, value, act);
  }
}
