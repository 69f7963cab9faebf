import { type ConsumerMessages, DeliverPolicy } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import type { BotAccount } from '../accounts/bot-account.ts';
import { natsFault } from '../connection/nats-fault.ts';
import { type FleetErrorCode, fleetError } from '../errors.ts';
import { workerTokens } from '../leases/worker-id.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { isSettled, type JobRecord } from '../store/job-record.ts';
import type { LogLine } from '../store/log-line.ts';

/** How long a worker has to end a bot, and to tell what it takes, in milliseconds. */
const CANCEL_MS = 4000;
const ACCOUNT_MS = 1000;

/** A job of a fleet, made by `dispatch` or `job`. It holds nothing that wants closing. */
export class DispatchedJob {
  readonly name: string;
  readonly #store: FleetStore;

  /** @internal */
  constructor(store: FleetStore, name: string) {
    this.#store = store;
    this.name = name;
  }

  /** @throws SluiceError `SLUICE_JOB_UNKNOWN` */
  async status(): Promise<JobRecord> {
    return (await this.#held()).record;
  }

  /**
   * What its bot takes of its worker just now; undefined while none runs, or its worker does not answer within a second.
   *
   * @throws SluiceError `SLUICE_JOB_UNKNOWN`
   */
  async account(): Promise<BotAccount | undefined> {
    const { worker, from } = await this.status();
    // Until the next one is ready the one before runs.
    for (const one of [worker, from]) {
      const told = one === null ? undefined : await this.#ask(one, 'account', ACCOUNT_MS);
      const account = told?.json<BotAccount | null>();
      if (account) return account;
    }
    return undefined;
  }

  /** Resolves when its bot runs. @throws SluiceError of what failed it, by its code; `SLUICE_JOB_UNKNOWN` */
  async started(): Promise<JobRecord> {
    return await this.until(({ state }) => state === 'running' || state === 'ended');
  }

  /** Resolves when it is done. @throws SluiceError of what failed it, by its code; `SLUICE_JOB_UNKNOWN` */
  async ended(): Promise<JobRecord> {
    return await this.until(({ state }) => state === 'ended' || state === 'cancelled');
  }

  /** Resolves with the first state that is meant. @throws SluiceError of what failed it, or that it is settled without */
  async until(isMeant: (record: JobRecord) => boolean): Promise<JobRecord> {
    await this.#held();
    const done = new AbortController();
    try {
      for await (const record of this.#store.watch(this.name, done.signal)) {
        if (isMeant(record)) return record;
        const { state, error } = record;
        if (error !== null) throw fleetError(error.code as FleetErrorCode, error.message);
        if (isSettled(state)) throw fleetError('SLUICE_JOB_UNKNOWN', `the job ${this.name} is ${state}`);
      }
      throw fleetError('SLUICE_FLEET_UNREACHABLE', `the connection was closed while the job ${this.name} was watched`);
    } finally {
      done.abort();
    }
  }

  /** Ends its bot, wherever it runs, and lets none start. What is settled stays as it is. @throws SluiceError `SLUICE_JOB_UNKNOWN` */
  async cancel(): Promise<void> {
    for (;;) {
      const held = await this.#held();
      if (isSettled(held.record.state)) return;
      const done = await this.#store.change(held, { state: 'cancelled', worker: null, from: null });
      if (done === undefined) continue;
      const runs = [held.record.worker, held.record.from].filter((worker) => worker !== null);
      await Promise.all(runs.map((worker) => this.#ask(worker, 'cancel', CANCEL_MS)));
      return;
    }
  }

  /** The last 500 lines of its log, of a day at most, oldest first. */
  async logs(): Promise<LogLine[]> {
    const { js, connection } = this.#store;
    const stream = `${connection.tenant}-logs`;
    let refused: unknown;
    let messages: ConsumerMessages | undefined;
    // The client would wait for what is never sent.
    const forget = connection.onRefused((subject, fault) => {
      if (!subject.startsWith(`$JS.API.CONSUMER.MSG.NEXT.${stream}.`)) return;
      refused = fault.cause;
      messages?.stop();
    });
    try {
      const consumer = await js.consumers.get(stream, {
        filter_subjects: connection.subject('logs', this.name),
        deliver_policy: DeliverPolicy.All,
      });
      const { num_pending } = await consumer.info();
      const lines: LogLine[] = [];
      if (num_pending === 0) return lines;
      messages = await consumer.fetch({ max_messages: num_pending, expires: 2000 });
      if (refused !== undefined) messages.stop();
      for await (const message of messages) lines.push(message.json<LogLine>());
      if (refused !== undefined) throw refused;
      return lines;
    } catch (error) {
      throw natsFault(`the log of ${this.name} cannot be read`, error);
    } finally {
      forget();
    }
  }

  async #held() {
    const held = await this.#store.read(this.name);
    if (held !== undefined) return held;
    throw fleetError('SLUICE_JOB_UNKNOWN', `there is no job ${this.name}`, {
      fix: 'What is settled is forgotten after an hour; look whether the tenant is the right one',
    });
  }

  /** Undefined where nobody answers: a worker that was asked to stop looks into the record when it is back. */
  async #ask(worker: string, ask: 'cancel' | 'account', timeout: number): Promise<Msg | undefined> {
    const { connection } = this.#store;
    const subject = connection.subject('workers', ...workerTokens(worker));
    const asked = JSON.stringify({ ask, job: this.name });
    return await connection.nats.request(subject, asked, { timeout }).catch(() => undefined);
  }
}
