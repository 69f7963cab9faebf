import { chooseWorker } from '@sluice/fleet';
import { Agenda } from './agenda.ts';
import { Chance } from './chance.ts';
import type { Hardships } from './hardships.ts';
import { SimulatedJob } from './simulated-job.ts';
import { type Settled, SimulatedNats } from './simulated-nats.ts';
import { CAPACITY, type Job, SimulatedWorker } from './simulated-worker.ts';
import { Watch } from './watch.ts';

/** So many rooms for each worker, of twenty that it takes. */
const ROOMS_PER_WORKER = 16;
const RACKS = 10;
const BEAT_MS = 500;
/** A job that nobody has room for waits so long, and who asks a worker that says nothing. */
const LATER_MS = 400;
const ASK_MS = 1_000;
/** Cores of a room of size 1, and how much the largest one is. */
const CORES = 0.006;
const LARGEST = 40;
const DRAIN_MS = 15_000;
const STALL_MS = 3_000;
const AWAY_MS = 60_000;
/** When all is over that was to be: what is wrong then stays so. */
const QUIET_MS = 12_000;

/** A fleet of `rooms / 16` workers that does what real ones do: each writes by the number of what it read, and dies without a word. */
export class SimulatedFleet {
  readonly agenda = new Agenda();
  readonly chance: Chance;
  readonly nats: SimulatedNats;
  readonly workers: SimulatedWorker[] = [];
  readonly jobs: Job[] = [];
  /** How long each was silent that was heard before. */
  readonly silences: number[] = [];
  /** What may never be, and was. */
  readonly broken: string[] = [];
  refused = 0;
  readonly #hardships: Hardships;
  readonly #watch: Watch;
  /** To whom jobs may go, as all know. */
  readonly #candidates: SimulatedWorker[] = [];
  #quietSince = Number.POSITIVE_INFINITY;

  constructor(rooms: number, hardships: Hardships, seed = 1) {
    this.#hardships = hardships;
    this.chance = new Chance(seed);
    this.nats = new SimulatedNats(this.agenda, this.chance, (job, settle) => this.#place(job, settle));
    this.#watch = new Watch(this);
    for (let n = 0; n < rooms / ROOMS_PER_WORKER; n++) this.#enter();
    const { overMs } = hardships;
    for (let n = 0; n < rooms; n++) this.agenda.after((overMs * n) / rooms, () => this.#dispatch());
    this.#befall(rooms);
  }

  /** Until every room has its bot and nothing more befalls it. */
  run(): void {
    const { overMs, natsGoesMs, rackDiesMs = 0 } = this.#hardships;
    const over = Math.max(overMs, rackDiesMs, (natsGoesMs ?? -AWAY_MS) + AWAY_MS);
    const look = () => {
      const isAtWork = this.agenda.now < over || this.jobs.some(({ state }) => state !== 'running');
      if (isAtWork) this.#quietSince = Number.POSITIVE_INFINITY;
      else this.#quietSince = Math.min(this.#quietSince, this.agenda.now);
      this.agenda.after(1_000, look);
    };
    look();
    this.agenda.run(over + 180_000, () => this.agenda.now - this.#quietSince > QUIET_MS);
    this.#audit();
  }

  /** It takes no more jobs. */
  retire(worker: SimulatedWorker): void {
    const at = this.#candidates.indexOf(worker);
    if (at < 0) return;
    this.#candidates[at] = this.#candidates.at(-1)!;
    this.#candidates.pop();
  }

  /** It ends without a word, with its bots. */
  kill(worker: SimulatedWorker): void {
    worker.status = 'dead';
    for (const job of [...worker.bots.keys()]) this.endBot(worker, job);
  }

  endBot(worker: SimulatedWorker, job: Job): void {
    const bot = worker.bots.get(job);
    worker.bots.delete(job);
    if (bot === undefined || job.speaking.get(bot.lease) !== worker) return;
    job.speaking.delete(bot.lease);
    if (job.speaking.size === 0) job.silentSince = this.agenda.now;
  }

  #enter(): void {
    const { clockSkew = 0 } = this.#hardships;
    const pace = 1 + this.chance.between(-clockSkew, clockSkew);
    const worker = new SimulatedWorker(`${this.workers.length}`, this.workers.length % RACKS, pace);
    worker.heardAt = this.agenda.now;
    this.workers.push(worker);
    this.#candidates.push(worker);
    this.agenda.after(this.chance.between(0, BEAT_MS), () => this.#beat(worker));
  }

  #beat(worker: SimulatedWorker): void {
    if (worker.status === 'dead') return;
    this.agenda.after(BEAT_MS / worker.pace, () => this.#beat(worker));
    if (worker.status === 'stalled') return;
    worker.measure();
    if (this.nats.isAway) return;
    if (worker.fenced) this.#comeBack(worker);
    const { lostBeats = 0, lateBeatsMs = 0 } = this.#hardships;
    const written = this.agenda.now;
    worker.writtenAt = written;
    if (this.chance.next() < lostBeats) return;
    const load = worker.now;
    this.agenda.after(this.chance.between(1, lateBeatsMs), () => {
      worker.load = load;
      this.#watch.heard(worker, written);
    });
  }

  /** Its lease was taken while it stood still: what was given away ends before the lease is its own again. */
  #comeBack(worker: SimulatedWorker): void {
    for (const job of [...worker.bots.keys()])
      if (job.worker !== worker && job.from !== worker) this.endBot(worker, job);
    worker.fenced = false;
    if (!worker.draining) this.#candidates.push(worker);
  }

  #dispatch(): void {
    const { sizes, startsMs = 300, queuedTwice = 0 } = this.#hardships;
    const cost = CORES * (sizes === 'even' ? 5 : this.chance.zipf(LARGEST));
    const startMs = this.chance.skewed(startsMs, 0.9);
    this.nats.ask(() => {
      const job = new SimulatedJob<SimulatedWorker>(cost, startMs, this.agenda.now);
      this.jobs.push(job);
      this.nats.enqueue(job);
      if (this.chance.next() < queuedTwice) this.nats.enqueue(job);
    });
  }

  /** By any worker: one that is dead settles nothing. */
  #place(job: Job, settle: (settled: Settled) => void): void {
    const by = this.#puller();
    const refused = new Set<SimulatedWorker>();
    const ask = () => {
      if (by.status !== 'living') return;
      if (job.state !== 'queued') return settle('done');
      const worker = this.#choose(job, refused);
      if (worker === undefined) return settle({ later: LATER_MS });
      const no = () => {
        this.refused++;
        refused.add(worker);
        ask();
      };
      if (worker.status !== 'living') this.agenda.after(ASK_MS, no);
      else
        this.nats.ask(() => (worker.takesOneMore ? this.#claim(worker, job, settle) : no()), settle.bind(null, 'done'));
    };
    this.nats.ask(ask, () => {});
  }

  /** Who is dead asks the queue for nothing any more. */
  #puller(): SimulatedWorker {
    for (;;) {
      const one = this.workers[Math.floor(this.chance.next() * this.workers.length)]!;
      if (one.status === 'living') return one;
    }
  }

  #choose(job: Job, refused: ReadonlySet<SimulatedWorker>): SimulatedWorker | undefined {
    for (let tries = 0; tries < 8; tries++) {
      const chosen = this.#byName(chooseWorker(this.#candidates, this.chance.next));
      if (chosen === undefined || (chosen !== job.from && !refused.has(chosen))) return chosen;
    }
    return undefined;
  }

  #byName(name: string | undefined): SimulatedWorker | undefined {
    return name === undefined ? undefined : this.workers[Number(name)];
  }

  #claim(worker: SimulatedWorker, job: Job, settle: (settled: Settled) => void): void {
    if (job.state !== 'queued' || worker.bots.has(job)) return settle('done');
    worker.reserved++;
    if (worker.bots.size + worker.reserved > CAPACITY)
      this.broken.push(`the worker ${worker.worker} has more bots than places`);
    const { revision } = job;
    const write = () => {
      worker.reserved--;
      if (!job.write(revision, { state: 'starting', worker })) return;
      job.claimedBy = job.revision;
      this.#begin(worker, job);
    };
    // Of what was on its way when the server went, half is written.
    const lost = () => (this.chance.next() < 0.5 ? write() : worker.reserved--);
    this.nats.ask(() => {
      write();
      settle('done');
    }, lost);
  }

  #begin(worker: SimulatedWorker, job: Job): void {
    if (worker.status === 'dead') return;
    const lease = job.claimedBy;
    worker.bots.set(job, { lease, isRunning: false, isMeasured: false });
    const ready = () => {
      const bot = worker.bots.get(job);
      if (bot?.lease !== lease) return;
      if (worker.status === 'stalled') return this.agenda.after(BEAT_MS, ready);
      bot.isRunning = true;
      this.#speak(worker, job, lease);
      this.nats.ask(() => {
        const { from } = job;
        const isOurs = job.worker === worker && job.claimedBy === lease;
        if (isOurs && job.write(job.revision, { state: 'running', from: undefined }))
          return from && this.endBot(from, job);
        if (job.from !== worker) this.endBot(worker, job);
      });
    };
    this.agenda.after(job.startMs / worker.pace, ready);
  }

  /** From now on it is heard, and nobody with a lower number is. */
  #speak(worker: SimulatedWorker, job: Job, lease: number): void {
    if (job.speaking.has(lease)) this.broken.push('two bots of one job are heard');
    job.speaking.set(lease, worker);
    job.ranAt ??= this.agenda.now;
    if (job.silentSince !== undefined) this.silences.push(this.agenda.now - job.silentSince);
    job.silentSince = undefined;
  }

  #befall(rooms: number): void {
    const { overMs, rackDiesMs, natsGoesMs, drained = 0, stalled = 0 } = this.#hardships;
    const workers = [...this.workers];
    const some = (share: number, act: (worker: SimulatedWorker) => void) => {
      for (const worker of workers)
        if (this.chance.next() < share) this.agenda.after(this.chance.between(0.2, 1) * overMs, () => act(worker));
    };
    some(drained, (worker) => this.#drain(worker));
    some(stalled, (worker) => this.#stall(worker));
    if (natsGoesMs !== undefined) this.agenda.after(natsGoesMs, () => this.nats.goAway(AWAY_MS));
    if (rackDiesMs !== undefined)
      this.agenda.after(rackDiesMs, () => {
        const rack = Math.floor(this.chance.next() * RACKS);
        for (const worker of this.workers) if (worker.rack === rack) this.kill(worker);
        // Where one machine of ten is gone there is still room for all: the rest has twenty places for eighteen.
        if (rooms / this.#candidates.length > CAPACITY) throw new RangeError('the scene has no room for all');
      });
  }

  #stall(worker: SimulatedWorker): void {
    if (worker.status !== 'living') return;
    worker.status = 'stalled';
    this.agenda.after(STALL_MS, () => {
      if (worker.status === 'stalled') worker.status = 'living';
    });
  }

  /** The next one is there before it goes. */
  #drain(worker: SimulatedWorker): void {
    if (worker.status !== 'living' || worker.fenced) return;
    if (this.nats.isAway) return this.agenda.after(1_000, () => this.#drain(worker));
    this.#enter();
    worker.draining = true;
    this.retire(worker);
    for (const [job, { isRunning }] of [...worker.bots]) {
      if (job.worker !== worker) continue;
      const from = isRunning ? worker : job.from;
      if (job.write(job.revision, { state: 'queued', worker: undefined, from })) this.nats.enqueue(job);
      if (!isRunning) this.endBot(worker, job);
    }
    this.agenda.after(DRAIN_MS, () => {
      if (worker.status === 'dead') return;
      for (const job of [...worker.bots.keys()]) {
        if (job.from === worker) job.write(job.revision, { from: undefined });
        this.endBot(worker, job);
      }
      this.#watch.forget(worker);
      worker.status = 'dead';
    });
  }

  /** When all is quiet each job has one bot, which is heard, and no worker has another one. */
  #audit(): void {
    for (const job of this.jobs) {
      const { state, worker, speaking } = job;
      if (state !== 'running') this.broken.push(`a job is ${state}`);
      if (worker?.bots.get(job)?.isRunning !== true) this.broken.push('a job has no bot');
      if (speaking.size !== 1 || !speaking.has(worker?.bots.get(job)?.lease ?? 0))
        this.broken.push(`${speaking.size} bots of a job are in its room`);
    }
    for (const worker of this.workers)
      for (const job of worker.bots.keys())
        if (job.worker !== worker) this.broken.push(`the worker ${worker.worker} has a bot whose job is not its own`);
  }
}
