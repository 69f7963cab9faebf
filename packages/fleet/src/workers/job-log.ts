import type { FleetConnection } from '../connection/fleet-connection.ts';
import { toldWords } from '../store/job-record.ts';
import type { LogLine } from '../store/log-line.ts';

const MOST_PER_SECOND = 100;

/** The lines of one job, bounded, to whoever keeps them. What is said while NATS is away is left out, and counted. */
export class JobLog {
  readonly #connection: FleetConnection;
  readonly #subject: string;
  readonly #worker: string;
  #second = 0;
  #count = 0;
  #left = 0;
  #ended = false;

  constructor(connection: FleetConnection, job: string, worker: string) {
    this.#connection = connection;
    this.#subject = connection.subject('logs', job);
    this.#worker = worker;
  }

  /** What a bot says that is over is nothing to whoever has its job next. */
  end(): void {
    this.#ended = true;
  }

  write(line: string): void {
    if (this.#ended) return;
    const at = Date.now();
    const second = Math.floor(at / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    if (!this.#connection.connected || ++this.#count > MOST_PER_SECOND) {
      this.#left++;
      return;
    }
    const missing = this.#left === 0 ? '' : `[${this.#left} lines left out] `;
    this.#left = 0;
    const told: LogLine = { at, worker: this.#worker, line: missing + toldWords(String(line)) };
    this.#connection.nats.publish(this.#subject, JSON.stringify(told));
  }
}
