import { setTimeout as pause } from 'node:timers/promises';
import { toError } from '@sluice/core';
import type { VoiceKind, VoiceModel } from '@sluice/core/voice';
import type { LocalFault } from './local-fault.ts';
import { ObservedSession } from './observed-session.ts';
import type { LocalService } from './start-service.ts';

/** What is tried: a plugin's model against the plugin's own local server. */
export interface ServiceSubject<L extends LocalService, Item, Event extends { readonly type: string }> {
  /** As the model's errors call it. */
  readonly service: string;
  /** The one secret that the model takes, by its name. The value stands nowhere else. */
  readonly secret: { readonly name: string; readonly value: string };
  /** The local server, without faults and taking any key. */
  readonly start: () => Promise<L>;
  /**
   * The model at that server, with this deadline in milliseconds for each wait that it has: for a connection, for a first
   * word, for the next one. It is short only where the service says nothing.
   */
  readonly make: (local: L, waitMs: number) => VoiceModel<VoiceKind, Item, Event, object>;
  /**
   * Items that get an answer when they are flushed; those of requests in the given epoch. Of a recogniser four seconds of
   * sound: that a service says nothing of less may be its way.
   */
  readonly items: (epoch: number) => readonly Item[];
  /** What an answer is, without how it was cut; undefined for an event that may differ. */
  readonly told: (event: Event) => unknown;
  /** Whether items are requests, which belong to an epoch and are told of by `failed`. */
  readonly asks: boolean;
  /** Whether the service was asked. Default: a request, or anything over a socket, came in. */
  readonly asked?: (local: L) => boolean;
  /**
   * Whether the service knows that the first thing it was asked was cancelled. Default: the first request ended before its
   * answer did, or the first socket was closed. Where a message says so, by what came in there.
   */
  readonly stopped?: (local: L) => boolean;
  /** Whether it has to have the secret: `false` where a service of one's own needs none. Default true. */
  readonly needsKey?: boolean;
  /** Whether a session goes on when its connection was lost. Default true. */
  readonly recovers?: boolean;
  /** Whether it tries again by itself. Default true. */
  readonly retries?: boolean;
  /** Bytes after which an answer is in its middle; of a socket, behind what it greets with. Default 100. */
  readonly middle?: number;
  /** Something that the service may say and no version knows yet, as it stands on the wire. Default: not tried. */
  readonly unknown?: string;
  /** Something that is broken, as it stands on the wire. Default: not tried. */
  readonly malformed?: string;
  /** Bytes that end nothing and are too many. Default: not tried. */
  readonly flood?: number;
}

/** How long anything may take, in milliseconds of the machine. */
const PATIENCE_MS = 10_000;
/** The deadline at a service that says nothing; a busy machine has no part in what comes of it. */
const SHORT_MS = 150;
/** After these nothing may come any more. */
const SILENT: readonly LocalFault['type'][] = ['mute', 'stall', 'replace'];

/** A session at a local server, its events as they are told, its end. */
export class ServiceTrial<L extends LocalService, Item, Event extends { readonly type: string }> {
  readonly local: L;
  readonly model: VoiceModel<VoiceKind, Item, Event, object>;
  readonly #subject: ServiceSubject<L, Item, Event>;
  #observed: ObservedSession<Item, Event> | undefined;
  #error: Error | undefined;

  /** With deadlines as they are for the faults, or with long ones. */
  static async start<L extends LocalService, Item, Event extends { readonly type: string }>(
    subject: ServiceSubject<L, Item, Event>,
    faults: readonly LocalFault[],
    isPatient = !faults.some(({ type }) => SILENT.includes(type)),
  ): Promise<ServiceTrial<L, Item, Event>> {
    const local = await subject.start();
    local.fail(...faults);
    return new ServiceTrial(subject, local, isPatient ? PATIENCE_MS : SHORT_MS);
  }

  private constructor(subject: ServiceSubject<L, Item, Event>, local: L, waitMs: number) {
    this.#subject = subject;
    this.local = local;
    this.model = subject.make(local, waitMs);
  }

  get session(): ObservedSession<Item, Event>['session'] {
    return this.#observed!.session;
  }

  get events(): readonly Event[] {
    return this.#observed?.events ?? [];
  }

  /** What went wrong: at opening, by `failed`, or as the end of the session. */
  get error(): Error | undefined {
    const failed = this.events.find(({ type }) => type === 'failed') as { readonly error?: Error } | undefined;
    return failed?.error ?? this.#error;
  }

  /** What was told, without how it was cut. */
  get answer(): readonly unknown[] {
    return this.events.map(this.#subject.told).filter((told) => told !== undefined);
  }

  /** Opens a session, writes the items of an epoch, and waits until they are answered or something went wrong. */
  async ask(epoch = 0): Promise<this> {
    if (await this.write(epoch)) await this.within(this.session.flush(), 'it did not answer');
    // Events are read a turn after they were told.
    await pause(5);
    return this;
  }

  /** Opens a session, if there is none, and writes. Resolves with whether it is open. */
  async write(epoch = 0): Promise<boolean> {
    this.#observed ??= await this.#open();
    if (this.#observed === undefined) return false;
    try {
      await this.#observed.write(this.#subject.items(epoch));
    } catch (error) {
      // That it is closed says less than why.
      this.#error ??= (await this.within(this.#observed.ended, 'it did not end')) ?? toError(error);
    }
    return true;
  }

  async until(holds: () => boolean, otherwise: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`${otherwise} within ${PATIENCE_MS / 1_000} s`);
      await pause(5);
    }
  }

  async within<T>(work: Promise<T>, otherwise: string): Promise<T> {
    let over = false;
    const done = () => {
      over = true;
    };
    work.then(done, done);
    await this.until(() => over, otherwise);
    return work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#observed?.close();
    await this.local.close();
  }

  async #open(): Promise<ObservedSession<Item, Event> | undefined> {
    const { name, value } = this.#subject.secret;
    const opening = ObservedSession.open(this.model, { secrets: { [name]: value } });
    try {
      const observed = await this.within(opening, 'it did not open');
      void observed.ended.then((error) => {
        this.#error ??= error;
      });
      return observed;
    } catch (error) {
      this.#error = toError(error);
      return undefined;
    }
  }
}
