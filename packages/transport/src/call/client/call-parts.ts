// The methods of the call client, a file for each group: what the application asks for, checked and carried out. What is
// done for them lives in the rooms below.

import { realClock, SluiceError } from '@sluice/core';
import type { Ask, Grant } from '@sluice/protocol';
import type { RoomCapability, RoomJoin } from '../../room/driver.ts';
import type { CallClientOptions } from '../call-client-options.ts';
import { dailyDevices } from '../call-devices.ts';
import { CallEventEmitter } from '../call-event-emitter.ts';
import { CallFaults } from '../call-faults.ts';
import { CallGauges } from '../call-gauges.ts';
import { CallLifecycle } from '../call-lifecycle.ts';
import { CallNetwork } from '../call-network.ts';
import { CallSettings } from '../call-settings.ts';
import { type Completion, checkCompletion, type OperationOptions, withoutData } from '../completion.ts';
import { requireCapability } from '../control/capability.ts';
import { Profile } from '../control/profile.ts';
import type { LiveCall } from '../live-call.ts';
import { type Operation, Operations } from '../operations.ts';
import { Renderers } from '../receive/renderers.ts';
import { LocalTracks } from '../send/local-tracks.ts';
import { initialPublishing } from '../send/publishing.ts';
import { SubscriptionBook } from '../subscriptions.ts';

/** Time limit of what has none of its own, in milliseconds. */
export const OPERATION_MS = 10_000;
/** Time limit of what starts or ends a service of the room, in milliseconds. */
export const SERVICE_MS = 20_000;
/** How long what may be said before the call is joined waits for that, in milliseconds. */
const EARLY_MS = 60_000;

type AnyCompletion = ((...results: never[]) => void) | undefined;

/** An operation whose completion is checked, and whose time limit is the usual one unless it has another. */
interface CallOperation<T> extends Omit<Operation<T>, 'timeoutMs'> {
  readonly timeoutMs?: number;
  /** As it was given. */
  readonly completion?: AnyCompletion;
}

interface CallAsk extends OperationOptions {
  readonly name: string;
  readonly capability: RoomCapability;
  /** Built from what was given; throws for what is wrong with it. */
  readonly ask: () => Ask;
  /** Whether it may be asked before the call is joined, and waits until then. */
  readonly early?: boolean;
}

/** What a client consists of, for the groups of its methods. */
export class CallParts {
  readonly events: CallEventEmitter;
  readonly subscriptions = new SubscriptionBook();
  readonly renderers: Renderers;
  readonly tracks: LocalTracks;
  readonly settings: CallSettings;
  readonly profile = new Profile();
  readonly network = new CallNetwork();
  readonly lifecycle: CallLifecycle;
  readonly gauges: CallGauges;
  readonly #operations: Operations;
  #released = false;

  constructor(
    { clock = realClock, devices = dailyDevices }: CallClientOptions,
    candidateFilter: NonNullable<RoomJoin['candidateFilter']>,
  ) {
    const faults = new CallFaults(() => this.events);
    this.events = new CallEventEmitter(faults.handler);
    this.#operations = new Operations(
      clock,
      (error) => faults.handler(error, 'completion'),
      () => this.checkAlive(),
    );
    this.renderers = new Renderers(clock, faults.handler);
    this.tracks = new LocalTracks(devices, initialPublishing);
    this.settings = new CallSettings(this.tracks, this.events);
    this.lifecycle = new CallLifecycle({
      devices,
      clock,
      tracks: this.tracks,
      settings: this.settings,
      subscriptions: this.subscriptions,
      renderers: this.renderers,
      events: this.events,
      candidateFilter,
      network: this.network,
      report: faults.connection,
    });
    this.gauges = new CallGauges({
      clock,
      devices,
      events: this.events,
      tracks: this.tracks,
      remoteLevels: this.renderers.levels,
      call: () => this.call,
    });
  }

  get call(): LiveCall | undefined {
    return this.lifecycle.call;
  }

  checkAlive(): void {
    if (!this.#released) return;
    throw new SluiceError('SLUICE_CALL_RELEASED', 'the call client was released', { fix: 'Create a new CallClient' });
  }

  get released(): boolean {
    return this.#released;
  }

  run<T>({ completion, complete, check, ...operation }: CallOperation<T>): Promise<T> {
    return this.#operations.run({
      timeoutMs: OPERATION_MS,
      ...operation,
      complete: typeof completion === 'function' ? complete : undefined,
      check: () => {
        check?.();
        checkCompletion(completion);
      },
    });
  }

  /** What is done at once, with a completion without data. */
  update(name: string, completion: Completion | undefined, apply: () => void): Promise<void> {
    return this.run({ name, work: async () => apply(), completion, complete: withoutData(completion) });
  }

  /** Asks the room for something, and resolves with what was made of its answer. */
  ask<T>(
    { name, capability, ask, early = false, ...options }: CallAsk,
    completion: AnyCompletion,
    answer: (grant: Grant) => T,
    complete: Operation<T>['complete'],
  ): Promise<T> {
    let message: Ask;
    return this.run({
      name,
      timeoutMs: early ? EARLY_MS : OPERATION_MS,
      ...options,
      completion,
      complete,
      check: () => {
        message = ask();
      },
      work: async (signal, extend) => {
        const call = early ? await this.lifecycle.whenJoined(name, signal) : this.lifecycle.joinedCall(name);
        requireCapability(name, capability, call.capabilities);
        // What waited for the call has its whole time for the answer.
        if (early) extend(OPERATION_MS);
        return answer(await call.session.ask(message));
      },
    });
  }

  /** As `ask`, where the answer holds no data. */
  tell(ask: CallAsk, completion: Completion | undefined): Promise<void> {
    return this.ask(ask, completion, () => undefined, withoutData(completion));
  }

  /** Waits for what is under way, leaves, and gives everything back. */
  async release(): Promise<void> {
    this.checkAlive();
    this.#released = true;
    this.lifecycle.giveUpWaiting();
    await this.#operations.settled();
    await this.lifecycle.leave();
    this.renderers.close();
    this.gauges.close();
    this.events.clear();
  }
}
