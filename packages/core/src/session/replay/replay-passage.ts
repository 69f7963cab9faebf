import { SluiceError } from '../../errors.ts';
import { noSession } from '../container/session-header.ts';
import type { RecordType, SessionRecord } from '../container/session-record.ts';
import type { Crossing, Passage, Told } from '../passage/passage.ts';
import { packValue } from '../values/pack-value.ts';
import { unpackValue } from '../values/unpack-value.ts';
import type { Keeping } from '../values/value-mark.ts';
import { compareValues } from './compare-values.ts';
import { OutputTally } from './output-tally.ts';
import type { RecordGroup } from './record-groups.ts';
import { ReplayClock } from './replay-clock.ts';
import { type DifferenceCode, SessionDifference } from './session-difference.ts';

/** The most differences that are told. */
const MOST_DIFFERENCES = 100;

/** What came in or went out in a replay. */
export interface ReplayedCrossing {
  /** What came in is as it was recorded; what went out is what the program gives now. */
  readonly direction: 'in' | 'out';
  /** The name of the end. */
  readonly end: string;
  /** Which of its calls: `frame` of a sink; `event` of a model, and `write` of what it is asked. */
  readonly what: string;
  /** The argument of that call. */
  readonly value: unknown;
}

/** The border of a graph that is replayed: what came in is read, what goes out is compared. */
export class ReplayPassage implements Passage {
  readonly clock = new ReplayClock();
  readonly outside = undefined;
  readonly differences: SessionDifference[] = [];
  readonly tally = new OutputTally();
  readonly #keeping: Keeping;
  readonly #onCrossing: ((crossing: ReplayedCrossing) => void) | undefined;
  readonly #ways = new Map<number, { readonly told: Told; open: boolean }>();
  readonly #controls = new Map<string, (args: readonly unknown[]) => unknown>();
  #group: RecordGroup | undefined;
  #next = 0;
  #wayCount = 0;
  #depth = 0;
  #startMs: number | undefined;
  #over = false;
  #failure: SluiceError | undefined;

  constructor(keeping: Keeping, onCrossing?: (crossing: ReplayedCrossing) => void) {
    this.#keeping = keeping;
    this.#onCrossing = onCrossing;
  }

  /** What in the file makes no sense: the replay ends with it. */
  get failure(): SluiceError | undefined {
    return this.#failure;
  }

  /** Whether nothing is compared any more: the session has ended, or the graph does something else. */
  get over(): boolean {
    return this.#over;
  }

  readonly random = (): number => {
    const record = this.#take('random', 'random', 'a random number');
    const value = record?.json.value;
    return typeof value === 'number' ? value : 0.5;
  };

  open(end: string, told: Told): Crossing {
    const way = this.#wayCount++;
    const state = { told, open: true };
    this.#ways.set(way, state);
    return {
      call: (what, value, _act, keep = 'hash') => {
        const record = this.#take('output', end, what, way);
        if (record === undefined) return;
        this.#onCrossing?.({ direction: 'out', end, what, value });
        this.#compare(record, end, value, keep === 'bytes');
        this.#comeIn();
      },
      ask: (what, _look, otherwise) => {
        const record = this.#take('input', end, what, way);
        return record === undefined ? otherwise : this.#answer(record, otherwise);
      },
      // There is no outside.
      tell: () => {},
      close: () => {
        state.open = false;
        this.#ways.delete(way);
      },
    };
  }

  control(name: string, handle: (args: readonly unknown[]) => unknown): () => Promise<never> {
    this.#controls.set(name, handle);
    // There is nobody outside who could call it.
    return () => new Promise(() => {});
  }

  doubt(): void {}

  /** Begins with an event. */
  begin(group: RecordGroup): void {
    this.#group = group;
    this.#next = 0;
    this.#startMs ??= group.atMs;
    this.clock.set(group.atMs);
  }

  /** What the event set off is over: nothing that was recorded may be missing. */
  finish(): void {
    const missing = this.#group?.rest[this.#next];
    if (missing !== undefined && !this.#over) this.disagree(missing, nameOf(missing), describe(missing), 'nothing');
  }

  /** Brings an input in. */
  deliver(record: SessionRecord): void {
    const { json, bytes } = record;
    const way = this.#ways.get(json.way as number);
    // A way that was closed takes nothing, as when it was recorded.
    if (way === undefined && !((json.way as number) < this.#wayCount))
      return this.disagree(record, nameOf(record), describe(record), `only ${this.#wayCount} ways to the outside`);
    const value = unpackValue(json.value, bytes);
    if (way?.open !== true) return;
    this.#onCrossing?.({ direction: 'in', end: String(json.end), what: String(json.what), value });
    try {
      way.told(String(json.what), value);
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      throw noSession(`what comes in with record ${record.index} cannot be taken`, error);
    }
  }

  /** Gives a command. */
  command(record: SessionRecord): void {
    const { name, args } = record.json;
    const handle = this.#controls.get(String(name));
    if (handle === undefined)
      return this.disagree(record, String(name), `the command ${String(name)}`, 'no such command');
    const given = unpackValue(args ?? [], record.bytes);
    if (!Array.isArray(given)) throw noSession(`record ${record.index} has no arguments`);
    // What becomes of it was told to whoever gave it.
    (async () => handle(given))().catch(() => {});
  }

  /** What was answered outside. Where it cannot be that, the graph goes on with `otherwise` to its end. */
  #answer<T>(record: SessionRecord, otherwise: T): T {
    try {
      const answer = unpackValue(record.json.answer, record.bytes);
      // An end that knows of no answer has numbers or nothing.
      const wanted = otherwise === undefined ? ['number', 'undefined'] : [typeof otherwise];
      if (wanted.includes(typeof answer) && answer !== null && !Array.isArray(answer)) return answer as T;
      throw noSession(`record ${record.index} has no answer to ${String(record.json.what)}`);
    } catch (error) {
      this.#failure ??= error instanceof SluiceError ? error : noSession('an answer of it makes no sense', error);
      this.#over = true;
      return otherwise;
    }
  }

  /** The graph does something else than it did: from here on nothing can be compared. */
  disagree(record: SessionRecord, node: string, recorded: unknown, replayed: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.differ('SLUICE_SESSION_ORDER', 'the graph did something else than it did when it was recorded', {
      record: record.index,
      node,
      recorded,
      replayed,
    });
  }

  differ(
    code: DifferenceCode,
    what: string,
    details: { record: number; node: string; recorded: unknown; replayed: unknown; sample?: number },
  ): void {
    if (this.differences.length >= MOST_DIFFERENCES) return;
    const atMs = (this.#group?.atMs ?? 0) - (this.#startMs ?? 0);
    this.differences.push(new SessionDifference(code, what, { ...details, atMs }));
  }

  /** The session has ended: whoever still does something gets what harms nobody. */
  end(): void {
    this.#over = true;
    this.clock.end();
  }

  /** The next record, if it is of what the graph does now. */
  #take(type: RecordType, end: string, what: string, way?: number): SessionRecord | undefined {
    if (this.#over) return undefined;
    const group = this.#group!;
    const record = group.rest[this.#next];
    if (record === undefined && group.last) {
      // A file that was cut does not say what came next.
      this.#over = true;
      return undefined;
    }
    const { json } = record ?? group.event;
    const same = type === 'random' || (json.end === end && json.what === what && json.way === way);
    const answers = type !== 'input' || !('depth' in json);
    if (record !== undefined && record.type === type && same && answers) {
      this.#next++;
      return record;
    }
    const recorded = record === undefined ? 'nothing more after what came in' : describe(record);
    this.disagree(record ?? group.event, end, recorded, `${what} of ${end}`);
    return undefined;
  }

  /** What was told during a call comes in during it. */
  #comeIn(): void {
    this.#depth++;
    for (;;) {
      const record = this.#group!.rest[this.#next];
      if (this.#over || record?.type !== 'input' || record.json.depth !== this.#depth) break;
      this.#next++;
      this.deliver(record);
    }
    this.#depth--;
  }

  #compare(record: SessionRecord, end: string, value: unknown, isOutput: boolean): void {
    const packed = packValue(value, { ...this.#keeping, sound: isOutput && this.#keeping.sound });
    const before = isOutput ? this.tally.add(end, packed) : 0;
    const difference = compareValues(record.json.value, record.bytes, packed);
    if (difference === undefined) return;
    const { what, sample, recorded, replayed } = difference;
    this.differ('SLUICE_SESSION_OUTPUT', `${String(record.json.what)}: the ${what} are not those that were recorded`, {
      record: record.index,
      node: end,
      recorded,
      replayed,
      ...(sample !== undefined ? { sample: before + sample } : isOutput ? { sample: before } : {}),
    });
  }
}

function nameOf({ type, json }: SessionRecord): string {
  return typeof json.end === 'string' ? json.end : type;
}

function describe({ type, json }: SessionRecord): string {
  if (type === 'random') return 'a random number';
  if (type === 'clock') return 'timer' in json ? `timer ${String(json.timer)}` : `tracked work ${String(json.track)}`;
  return `${String(json.what)} of ${String(json.end)}`;
}
