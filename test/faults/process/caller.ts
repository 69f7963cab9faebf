import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type RoomServer, startRoomServer } from '@sluice/transport';
import { PROBE_FRAME_MS, PROBE_PERIOD, type ProbeReport } from '@sluice/transport/testing';

type Heard = Pick<ProbeReport, 'arrivals' | 'gaps' | 'silences' | 'duplicates' | 'orderErrors'>;

/** Milliseconds of the machine's clock, the same in every process. */
export const machineMs = () => Number(process.hrtime.bigint() / 1_000n) / 1_000;

/** A bot in a process of its own, which can be killed and stopped. */
export class Caller {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (reply: { value?: unknown; error?: string }) => void>();
  #lastId = 0;
  readonly #ready: Promise<void>;

  constructor() {
    this.#process = fork(fileURLToPath(new URL('caller-main.mjs', import.meta.url)), [], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      execArgv: [],
    });
    this.#ready = new Promise((resolve) => {
      this.#process.on('message', (message: { ready?: true; id: number; value?: unknown; error?: string }) => {
        if (message.ready === true) return resolve();
        this.#waiting.get(message.id)?.(message);
        this.#waiting.delete(message.id);
      });
    });
    this.#process.once('exit', () => {
      for (const settle of this.#waiting.values()) settle({ error: 'the caller is gone' });
    });
  }

  get pid(): number {
    return this.#process.pid!;
  }

  join = (url: string, speaks: boolean) => this.#call<string>('join', url, speaks);
  listen = (id: string) => this.#call('listen', id);
  heard = () => this.#call<Heard>('heard');
  block = (ms: number) => this.#call('block', ms);
  events = () => this.#call<{ readonly at: number; readonly what: string }[]>('events');
  engine = () => this.#call<number>('engine');
  leave = () => this.#call('leave');

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL');
  }

  async #call<R = void>(name: string, ...args: readonly unknown[]): Promise<R> {
    await this.#ready;
    const id = ++this.#lastId;
    const reply = await new Promise<{ value?: unknown; error?: string }>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.send({ id, name, args });
    });
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply.value as R;
  }
}

export interface TwoCallers {
  readonly server: RoomServer;
  readonly url: string;
  readonly speaker: Caller;
  readonly speakerId: string;
  readonly hearer: Caller;
}

/** Runs `test` while one speaks and another one hears it well. */
export async function withTwoCallers(test: (callers: TwoCallers) => Promise<void>): Promise<void> {
  const server = await startRoomServer();
  try {
    using speaker = new Caller();
    using hearer = new Caller();
    const url = server.roomUrl('faults');
    const speakerId = await speaker.join(url, true);
    await hearer.join(url, false);
    await hearer.listen(speakerId);
    await untilHeard(hearer);
    // The jitter buffer settles.
    await wait(1_000);
    await hearer.heard();
    await test({ server, url, speaker, speakerId, hearer });
  } finally {
    await server.close();
  }
}

/** Waits for frames that arrive after `since`; the time of the first. */
export async function untilHeard(hearer: Caller, since = 0, limitMs = 10_000): Promise<number> {
  const end = machineMs() + limitMs;
  while (machineMs() < end) {
    const first = (await hearer.heard()).arrivals.find(({ at }) => at >= since);
    if (first !== undefined) return first.at;
    await wait(20);
  }
  throw new Error(`nothing was heard within ${limitMs} ms`);
}

/** The longest time between two frames that were heard, less the length of one, in milliseconds. */
export function longestPause({ arrivals }: Heard): number {
  return arrivals.reduce((most, { at }, index) => Math.max(most, at - (arrivals[index - 1]?.at ?? at) - 20), 0);
}

/**
 * Frames that were skipped from one that was heard to the next, however much later that came. One that was said twice or
 * came out of order counts as a whole period; one in whose middle there was silence is heard as two halves, and counts
 * as none.
 */
export function skipped({ arrivals }: Heard): number {
  return arrivals.reduce((sum, { index, duration }, at) => {
    const before = arrivals[at - 1];
    if (before === undefined) return 0;
    const step = (index - before.index) % PROBE_PERIOD;
    if (step === 0 && duration + before.duration < 1.75 * PROBE_FRAME_MS) return sum;
    return sum + ((step - 1 + PROBE_PERIOD) % PROBE_PERIOD);
  }, 0);
}
