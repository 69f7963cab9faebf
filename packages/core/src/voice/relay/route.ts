import { toError } from '../../errors.ts';
import type { Cancel, Clock } from '../../time/clock.ts';
import { sleep } from '../../time/clock.ts';
import type { ModelSwitch, OpenOptions } from '../model.ts';
import { openInTime } from '../open-in-time.ts';
import type { SessionContext } from '../session.ts';
import { categoryOf, isVoiceError, voiceError } from '../voice-error.ts';
import type { Health } from './health.ts';
import type { AnyModel, AnySession, Behind } from './open-relay.ts';
import type { Relay } from './relay.ts';

/** Before the same model is asked once more, in milliseconds: half of it fixed, half random. */
const BACKOFF_MS = 200;
/** A model that is told to wait for longer is not waited for, in milliseconds. */
const LONGEST_WAIT_MS = 1_000;
/** A session that has lived for so long has left its faults behind, in milliseconds. */
const STEADY_MS = 10_000;

export interface RouteOptions {
  readonly models: readonly AnyModel[];
  readonly health: Health;
  readonly recoverMs: number;
  readonly random: () => number;
  /** Settings and secrets for the first. */
  readonly first: Pick<OpenOptions<object>, 'settings' | 'secrets'>;
  readonly onSwitch: (change: ModelSwitch) => void;
}

interface Step {
  readonly index: number;
  readonly delayMs: number;
  readonly because?: Error;
}

/** The way of one session through several models: which is asked now, and which after a fault. */
export class Route implements Behind {
  readonly #context: SessionContext<unknown, object>;
  readonly #options: RouteOptions;
  readonly #clock: Clock;
  #settings: object;
  #index = 0;
  /** The one that was open last. */
  #used = 0;
  #session: AnySession | undefined;
  #openedMs = 0;
  /** Since something was answered: who was asked once more, and who failed. */
  readonly #again = new Set<number>();
  readonly #failed = new Map<number, Error>();
  #relay: Relay<unknown, unknown> | undefined;
  #return: Cancel = () => {};

  constructor(context: SessionContext<unknown, object>, options: RouteOptions) {
    this.#context = context;
    this.#options = options;
    this.#clock = context.clock;
    this.#settings = options.first.settings ?? {};
  }

  get settings(): object {
    return this.#index === 0 && this.#session !== undefined ? this.#session.settings : this.#settings;
  }

  async first(): Promise<AnySession | (() => Promise<AnySession>)> {
    // Where all are at rest the first is as good as any.
    this.#used = this.#options.health.choose(this.#clock, this.#clock.now(), new Set()) ?? 0;
    const tried = await this.#try({ index: this.#used, delayMs: 0 });
    return 'delayMs' in tried ? () => this.#open(tried) : tried;
  }

  begun(relay: Relay<unknown, unknown>): void {
    this.#relay = relay;
  }

  update(settings: object): void {
    // Another model than the first has settings of its own: these hold when the first is asked again.
    if (this.#index === 0) this.#session?.update(settings);
    this.#settings = { ...this.#settings, ...settings };
  }

  after(error: unknown): (() => Promise<AnySession>) | undefined {
    if (this.#session !== undefined && this.#clock.now() - this.#openedMs >= STEADY_MS) this.answered();
    const step = this.#step(error);
    return step === undefined ? undefined : () => this.#open({ ...step, because: toError(error) });
  }

  last(error: unknown): Error {
    const { models } = this.#options;
    const failed = [...this.#failed].map(([index, { message }]) => ({ name: models[index]!.name, message }));
    this.answered();
    if (failed.length < 2) return toError(error);
    return voiceError('none of them is left', {
      model: failed.map(({ name }) => name).join(', '),
      category: categoryOf(error),
      received: failed.map(({ message }) => message).join(' | '),
      cause: toError(error),
      ...(isVoiceError(error) && error.retryAfterMs !== undefined ? { retryAfterMs: error.retryAfterMs } : {}),
    });
  }

  answered(): void {
    this.#again.clear();
    this.#failed.clear();
  }

  close(): void {
    this.#return();
  }

  /** Who is asked after a fault, and when. */
  #step(error: unknown): Step | undefined {
    const { health, recoverMs, random } = this.#options;
    const index = this.#index;
    this.#failed.set(index, toError(error));
    const category = categoryOf(error);
    const waitMs = (category === 'wait' && isVoiceError(error) && error.retryAfterMs) || 0;
    if (!this.#again.has(index)) {
      const soon = waitMs > 0 && waitMs <= LONGEST_WAIT_MS;
      const delayMs = category === 'retry' ? (BACKOFF_MS / 2) * (1 + random()) : soon ? waitMs : undefined;
      this.#again.add(index);
      if (delayMs !== undefined) return { index, delayMs };
    }
    const now = this.#clock.now();
    health.rest(this.#clock, index, now + Math.max(recoverMs, waitMs), now + waitMs);
    const next = health.choose(this.#clock, now, new Set(this.#failed.keys()));
    return next === undefined ? undefined : { index: next, delayMs: 0 };
  }

  async #open(step: Step): Promise<AnySession> {
    for (let next = step; ; ) {
      if (next.delayMs > 0) await sleep(this.#clock, next.delayMs, this.#context.signal);
      const tried = await this.#try(next);
      if (!('delayMs' in tried)) return tried;
      next = tried;
    }
  }

  /** Opens a model, or those after it where it cannot be had, as far as nobody is to be waited for. */
  async #try(step: Step): Promise<AnySession | Step> {
    this.#session = undefined;
    for (let next = step; ; ) {
      this.#index = next.index;
      try {
        const session = await this.#connect(next.index);
        this.#take(session, next.because);
        return session;
      } catch (error) {
        // Settings that do not exist are a mistake of the caller; nobody else would mend it.
        if (this.#context.signal.aborted || error instanceof TypeError || error instanceof RangeError) throw error;
        const after = this.#step(error);
        if (after === undefined) throw this.last(error);
        next = { ...after, because: toError(error) };
        if (next.delayMs > 0) return next;
      }
    }
  }

  #connect(index: number): Promise<AnySession> {
    const { models, first, onSwitch } = this.#options;
    const { signal, clock, random } = this.#context;
    const own = index === 0 ? { ...first, settings: this.#settings } : {};
    return openInTime(models[index]!, { signal, clock, random, onSwitch, ...own });
  }

  #take(session: AnySession, error: Error | undefined): void {
    this.#session = session;
    this.#openedMs = this.#clock.now();
    if (this.#index !== this.#used) this.#report('fault', error);
    this.#watch();
  }

  /** Comes back to a model that is preferred when it has rested. */
  #watch(): void {
    this.#return();
    this.#return = () => {};
    const restedMs = this.#options.health.restedMs(this.#clock, this.#index);
    if (restedMs === undefined || this.#context.signal.aborted) return;
    const now = this.#clock.now();
    this.#return = this.#clock.at(Math.max(now + 1, restedMs), () => void this.#comeBack());
  }

  async #comeBack(): Promise<void> {
    const { health, recoverMs } = this.#options;
    const now = this.#clock.now();
    const [from, session] = [this.#index, this.#session];
    const to = health.choose(this.#clock, now, new Set());
    if (to === undefined || to >= from || session === undefined) return this.#watch();
    try {
      const preferred = await this.#connect(to);
      // Somebody else may have taken over meanwhile, for a fault.
      if (this.#session !== session || this.#context.signal.aborted) return void preferred.close().catch(() => {});
      this.#index = to;
      this.#session = preferred;
      this.#openedMs = this.#clock.now();
      // Whoever asks how turns end asks about the one that hears them.
      this.#relay?.handOver(preferred, () => this.#report('recovered'));
    } catch (error) {
      if (this.#context.signal.aborted) return;
      const waitMs = isVoiceError(error) ? (error.retryAfterMs ?? 0) : 0;
      health.rest(this.#clock, to, this.#clock.now() + Math.max(recoverMs, waitMs), this.#clock.now() + waitMs);
    }
    this.#watch();
  }

  #report(reason: 'fault' | 'recovered', error?: Error): void {
    const { models, onSwitch } = this.#options;
    const { kind, name: to } = models[this.#index]!;
    const from = models[this.#used]!.name;
    this.#used = this.#index;
    onSwitch({ kind, from, to, reason, atMs: this.#clock.now(), ...(error && { error }) });
  }
}
