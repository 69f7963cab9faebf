import { realClock, sleep } from '@sluice/core';
import type { DeviceRegistry } from '../../../packages/transport/src/devices/registry.ts';
import type { EngineDeaths } from './engine-deaths.ts';
import type { RealFault, RealFaultKind } from './real-soak-plan.ts';
import { SoakBot } from './soak-bot.ts';

/** How long a call may take to be heard again after a fault, in milliseconds. */
const BACK_MS = 15_000;
/** The fourth death within a minute is slow to mend by design. */
const BETWEEN_DEATHS_MS = 25_000;

/** Rooms of two bots each, and what happens to them. Nothing comes to a room in which something is under way. */
export class SoakRooms {
  /** Of each room its two bots: the one whose network can be cut, and the other. */
  readonly pairs: [SoakBot, SoakBot][];
  readonly broken: string[] = [];
  readonly done: Record<string, number> = {};
  /** When something happened to the recorded room, in ms since 1970. */
  readonly recordedFaults: [fromMs: number, toMs: number][] = [];
  readonly #engines: readonly DeviceRegistry[];
  readonly #deaths: EngineDeaths;
  readonly #diedAt = new Map<DeviceRegistry, number>();
  readonly #busy = new Set<number>();
  /** Of each room what happened to it last, and when. */
  readonly #latest = new Map<number, { readonly kind: RealFaultKind; readonly at: number }>();
  readonly #work = new Set<Promise<void>>();

  constructor(port: number, engines: readonly DeviceRegistry[], deaths: EngineDeaths, rooms: number) {
    this.#engines = engines;
    this.#deaths = deaths;
    const bot = (index: number) => new SoakBot({ index, port, devices: engines[index % engines.length]! });
    this.pairs = Array.from({ length: rooms }, (_, room) => [bot(2 * room), bot(2 * room + 1)]);
  }

  get bots(): SoakBot[] {
    return this.pairs.flat();
  }

  async open(): Promise<void> {
    for (const [room, pair] of this.pairs.entries()) {
      for (const bot of pair) await bot.start();
      await this.#meet(room);
    }
    await Promise.all(this.pairs.map((_, room) => this.#back([room], 'the beginning')));
  }

  do(fault: RealFault): void {
    const { kind } = fault;
    const room = Math.floor(fault.who * this.pairs.length);
    const [one, other] = this.pairs[room]!;
    switch (kind) {
      case 'mute':
        return this.#in([room], fault, async () => {
          const end = other.heard!.begin();
          await one.mute(true);
          await sleep(realClock, fault.ms);
          await one.mute(false);
          end(realClock.now());
        });
      case 'media cut':
        return this.#in([room], fault, async () => {
          const ends = [one, other].map(({ heard }) => heard!.begin());
          await one.media!.cut(fault.ms);
          for (const end of ends) end(realClock.now());
        });
      case 'signalling cut':
        // Nobody hears anything of it: no fault to the ears.
        return this.#in([room], fault, async () => {
          await one.signalling!.cut(fault.ms);
          await sleep(realClock, 3_000);
        });
      case 'swap':
        return this.#swap(fault);
      case 'engine dies':
        return this.#kill(fault);
    }
  }

  /** What happened last to the room of a bot, and how many milliseconds before `now` it began. */
  latest(index: number, now: number): { readonly kind: RealFaultKind; readonly ms: number } | undefined {
    const latest = this.#latest.get(this.pairs.findIndex((pair) => pair.some((bot) => bot.index === index)));
    return latest && { kind: latest.kind, ms: Math.round(now - latest.at) };
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#work);
  }

  async close(): Promise<void> {
    await Promise.all(this.bots.map((bot) => bot.close()));
  }

  #swap(fault: RealFault): void {
    // The recorded room keeps its people.
    const rooms = this.pairs.length - 1;
    if (rooms < 2) return;
    const from = 1 + Math.floor(fault.who * rooms);
    const to = 1 + ((from - 1 + 1 + Math.floor(fault.other * (rooms - 1))) % rooms);
    const side = fault.ms % 2 === 0 ? 0 : 1;
    this.#in([from, to], fault, async () => {
      const [a, b] = [this.pairs[from]!, this.pairs[to]!];
      await Promise.all([a[side].leave(), b[side].leave()]);
      [a[side], b[side]] = [b[side], a[side]];
      await Promise.all([from, to].map((room) => this.#meet(room, side)));
    });
  }

  #kill(fault: RealFault): void {
    // The first one lives from beginning to end, so that what it keeps can be seen.
    const engine = this.#engines[1 + Math.floor(fault.who * (this.#engines.length - 1))]!;
    const now = realClock.now();
    if (now - (this.#diedAt.get(engine) ?? Number.NEGATIVE_INFINITY) < BETWEEN_DEATHS_MS) return;
    const rooms = [...this.pairs.keys()].filter((room) => this.pairs[room]!.some(({ devices }) => devices === engine));
    this.#in(rooms, fault, async () => {
      this.#diedAt.set(engine, now);
      const ends = rooms.flatMap((room) => this.pairs[room]!.map(({ heard }) => heard!.begin()));
      this.#deaths.kill(engine);
      await sleep(realClock, 1_000);
      for (const end of ends) end(realClock.now());
    });
  }

  /** Both are in the room and hear each other. `side`: only that one has to come. */
  async #meet(room: number, side?: 0 | 1): Promise<void> {
    const [one, other] = this.pairs[room]!;
    for (const [at, bot] of [one, other].entries())
      if (side === undefined || side === at) await bot.join(`soak-${room}`);
    one.listen(other);
    other.listen(one);
  }

  #in(rooms: number[], { kind }: RealFault, work: () => Promise<void>): void {
    if (rooms.some((room) => this.#busy.has(room))) return;
    for (const room of rooms) {
      this.#busy.add(room);
      this.#latest.set(room, { kind, at: realClock.now() });
    }
    this.done[kind] = (this.done[kind] ?? 0) + 1;
    const times: [number, number] = [Date.now(), Number.POSITIVE_INFINITY];
    if (rooms.includes(0)) this.recordedFaults.push(times);
    const doing = work()
      .then(() => this.#back(rooms, kind))
      .catch((error: unknown) => void this.broken.push(`${kind} in rooms ${rooms}: ${String(error)}`))
      .finally(() => {
        times[1] = Date.now();
        for (const room of rooms) this.#busy.delete(room);
        this.#work.delete(doing);
      });
    this.#work.add(doing);
  }

  async #back(rooms: readonly number[], after: string): Promise<void> {
    const bots = rooms.flatMap((room) => this.pairs[room]!);
    const until = realClock.now() + BACK_MS;
    while (bots.some(({ heard }) => heard?.back !== true) && realClock.now() < until) await sleep(realClock, 50);
    for (const bot of bots)
      if (bot.heard?.back !== true) this.broken.push(`bot ${bot.index} hears nothing ${BACK_MS} ms after ${after}`);
    // Jitter buffers find their size.
    await sleep(realClock, 2_000);
  }
}
