import { invalidArgument, toError } from '../../errors.ts';
import type { Accepts, ModelSwitch, OpenOptions } from '../model.ts';
import { openInTime } from '../open-in-time.ts';
import type { SessionContext } from '../session.ts';
import { describeSound } from './common-sound.ts';
import type { AnyModel, AnySession, Behind } from './open-relay.ts';
import type { Relay } from './relay.ts';
import type { Unanswered } from './unanswered.ts';

/** What a model is opened with. */
export type Own = Pick<OpenOptions<object>, 'settings' | 'secrets'>;

export interface SeatOptions {
  readonly model: AnyModel;
  readonly own: Own;
  readonly told: (change: ModelSwitch) => void;
  /** The session is over. */
  readonly left: () => void;
}

/** A session's place for a model that somebody may replace. Faults are the model's: nobody takes over by itself. */
export class Seat implements Behind {
  readonly #context: SessionContext<unknown, object>;
  readonly #options: SeatOptions;
  #model: AnyModel;
  #session: AnySession | undefined;
  #relay: Relay<unknown, unknown> | undefined;
  #unanswered: Unanswered<unknown, unknown> | undefined;

  constructor(context: SessionContext<unknown, object>, options: SeatOptions) {
    this.#context = context;
    this.#options = options;
    this.#model = options.model;
  }

  /** Who hears or speaks just now. */
  get model(): AnyModel {
    return this.#model;
  }

  get settings(): object {
    return this.#session?.settings ?? {};
  }

  async first(): Promise<AnySession> {
    this.#session = await this.open(this.#model, this.#options.own);
    return this.#session;
  }

  begun(relay: Relay<unknown, unknown>, unanswered: Unanswered<unknown, unknown>): void {
    this.#relay = relay;
    this.#unanswered = unanswered;
  }

  update(settings: object): void {
    this.#session?.update(settings);
  }

  /** Refuses ears that do not hear what is written. */
  check(next: AnyModel): void {
    const format = (this.#unanswered as { format?: { sampleRate: number; channels: number } } | undefined)?.format;
    const { accepts } = next as { accepts?: Accepts };
    if (format === undefined || accepts === undefined) return;
    if (accepts.sampleRates.includes(format.sampleRate) && accepts.channels.includes(format.channels)) return;
    const heard = describeSound({ sampleRates: [format.sampleRate], channels: [format.channels] });
    throw invalidArgument('use', `a model that hears ${heard}`, `${next.name}: ${describeSound(accepts)}`);
  }

  open(model: AnyModel, own: Own): Promise<AnySession> {
    const { signal, clock, random } = this.#context;
    return openInTime(model, { signal, clock, random, onSwitch: this.#options.told, ...own });
  }

  /** It takes over when the old one has heard its stretch to the end. */
  use(model: AnyModel, session: AnySession): void {
    if (this.#relay === undefined) return void session.close().catch(() => {});
    const { kind, name: to } = model;
    this.#relay.handOver(session, () => {
      const change = { kind, from: this.#model.name, to, reason: 'asked', atMs: this.#context.clock.now() } as const;
      this.#model = model;
      this.#session = session;
      this.#options.told(change);
    });
  }

  after(): undefined {}

  last(error: unknown): Error {
    return toError(error);
  }

  answered(): void {}

  close(): void {
    this.#options.left();
  }
}
