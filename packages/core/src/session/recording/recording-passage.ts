import { SluiceError } from '../../errors.ts';
import { closeFrame, type Frame } from '../../media/frame.ts';
import { detachedName } from '../../media/frame-maker.ts';
import { actorContext } from '../../operators/actor-context.ts';
import type { Clock } from '../../time/clock.ts';
import type { RecordType } from '../container/session-record.ts';
import type { SessionWriter } from '../container/session-writer.ts';
import type { Crossing, Passage, Told } from '../passage/passage.ts';
import { packValue } from '../values/pack-value.ts';
import { type Keeping, keepAll } from '../values/value-mark.ts';
import { Gate } from './gate.ts';
import { type ClockNotes, RecordingClock } from './recording-clock.ts';

/** Something that a replay cannot do again. */
export interface NotReplayable {
  /** The node, or the end of the session. */
  readonly node: string;
  /** What it does that no record has, as a sentence that goes on from the node. */
  readonly why: string;
}

export interface RecordingPassageOptions {
  readonly base: Clock;
  readonly random: () => number;
  readonly writer: SessionWriter;
  readonly keeping: Keeping;
}

/** The most doubts that are told apart. */
const MOST_DOUBTS = 100;

/** The border of a graph that is recorded. */
export class RecordingPassage implements Passage, ClockNotes {
  readonly clock: Clock;
  readonly outside: Clock;
  readonly gate: Gate;
  readonly doubts: NotReplayable[] = [];
  readonly #options: RecordingPassageOptions;
  /** Ways that were opened. */
  #ways = 0;
  /** Calls to the outside that are under way. */
  #depth = 0;

  constructor(options: RecordingPassageOptions) {
    this.#options = options;
    this.outside = options.base;
    this.gate = new Gate(options.base);
    this.clock = new RecordingClock(options.base, this.gate, this);
  }

  readonly random = (): number => {
    const value = this.#options.random();
    if (this.gate.busy) this.#add('random', { value });
    else this.bypassed();
    return value;
  };

  open(end: string, told: Told): Crossing {
    const way = this.#ways++;
    let open = true;
    return {
      call: (what, value, act, keep = 'hash') => {
        const sound = keep === 'bytes' && this.#options.keeping.sound;
        if (this.gate.busy)
          this.#add('output', { end, way, what }, 'value', value, { ...this.#options.keeping, sound });
        else this.doubt(end, `${what} is done when nothing has come in`);
        this.#depth++;
        try {
          act();
        } finally {
          this.#depth--;
        }
      },
      ask: (what, look) => {
        const answer = look();
        if (this.gate.busy) this.#add('input', { end, way, what }, 'answer', answer, keepAll);
        return answer;
      },
      tell: (what, value) => {
        if (!open) return dropValue(value);
        if (this.gate.busy && this.#depth > 0) {
          this.#add('input', { depth: this.#depth, end, way, what }, 'value', value);
          return told(what, value);
        }
        this.gate.enter({
          note: (at) => this.#add('input', { at, end, way, what }, 'value', value),
          // Closed meanwhile: it came in, and nobody took it.
          act: () => (open ? told(what, value) : dropValue(value)),
          drop: () => dropValue(value),
        });
      },
      close: () => {
        open = false;
      },
    };
  }

  control(
    name: string,
    handle: (args: readonly unknown[]) => unknown,
  ): (...args: readonly unknown[]) => Promise<unknown> {
    return (...args) =>
      new Promise((resolve, reject) => {
        this.gate.enter({
          note: (at) => this.#add('control', { at, name }, 'args', args),
          act: () => {
            // What the outside does with the answer is not of this event.
            (async () => handle(args))().then(
              (result) => this.gate.whenFree(() => resolve(result)),
              (error: unknown) => this.gate.whenFree(() => reject(error)),
            );
          },
          drop: () => reject(new SluiceError('SLUICE_ABORTED', `the session ended before ${name} came in`)),
        });
      });
  }

  doubt(node: string, why: string): void {
    const known = this.doubts.some((doubt) => doubt.node === node && doubt.why === why);
    if (!known && this.doubts.length < MOST_DOUBTS) this.doubts.push({ node, why });
  }

  timer(at: number, timer: number, due: number): void {
    this.#add('clock', { at, timer, due });
  }

  settled(at: number, track: number, failed: boolean): void {
    this.#add('clock', failed ? { at, track, failed } : { at, track });
  }

  bypassed(): void {
    const { name } = actorContext();
    this.doubt(
      name === detachedName ? 'graph' : name,
      'something sets it going that came through no end of the session: take it through env.source, env.model, env.ask or env.control',
    );
  }

  #add(type: RecordType, head: object, key?: string, value?: unknown, keeping = this.#options.keeping): void {
    const { writer } = this.#options;
    if (key === undefined || value === undefined) return writer.add(type, JSON.stringify(head));
    const { json, parts, lost } = packValue(value, keeping);
    if (lost !== undefined) this.doubt((head as { end?: string }).end ?? type, `${lost} cannot be recorded`);
    writer.add(type, JSON.stringify({ ...head, [key]: json }), parts);
  }
}

/** What nobody takes is closed: frames have memory. */
function dropValue(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'close' in value) closeFrame(value as Frame);
}
