import { micros, sleep } from '@sluice/core';
import {
  defineVoiceModel,
  type Recognizer,
  type RecognizerEvent,
  type SessionContext,
  type TurnMark,
} from '@sluice/core/voice';
import type { EarFault, FaultPlan, TurnFault } from './fault-plan.ts';
import { eachBlock, type Understanding } from './faulty-ears.ts';
import { RATE } from './spoken-words.ts';

/** Silence after which a turn is probably over, and after which it is; in milliseconds. */
const ENDING_MS = 200;
const OVER_MS = 600;
/** Between them somebody is said to go on who does not, in milliseconds of silence. */
const RESUMED_MS = 400;
/** Who speaks on is said to be done after so long by one that judges too soon, in milliseconds. */
const TOO_SOON_MS = 300;
const FLAPS = 20;

interface JudgedTurn {
  readonly fault: TurnFault | EarFault | undefined;
  readonly from: number;
  quietSince: number | undefined;
  text: string;
  isEnding: boolean;
  hasResumed: boolean;
}

/** A recogniser that says what becomes of a turn, as services with an early end of turn do, and fails as planned. */
export function faultyTurnRecognizer(plan: FaultPlan, understanding: () => Understanding): Recognizer<object> {
  return defineVoiceModel({
    kind: 'recognizer',
    name: `${plan.name}-judge`,
    accepts: { sampleRates: [RATE], channels: [1] },
    latencyMs: OVER_MS,
    words: true,
    turns: true,
    settings: {},
    start: async (context) => {
      await plan.checkOpening('ear', context);
      const judge = new Judge(context, plan, understanding());
      return { write: (frame) => judge.hear(frame), flush: () => judge.finish() };
    },
  });
}

class Judge {
  readonly #context: SessionContext<RecognizerEvent, object>;
  readonly #plan: FaultPlan;
  readonly #understanding: Understanding;
  #turn: JudgedTurn | undefined;
  /** What is told when what is late has been. */
  #late: RecognizerEvent[] | undefined;

  constructor(context: SessionContext<RecognizerEvent, object>, plan: FaultPlan, understanding: Understanding) {
    this.#context = context;
    this.#plan = plan;
    this.#understanding = understanding;
  }

  hear(frame: Parameters<Understanding['hear']>[0]): void {
    const text = this.#understanding.hear(frame);
    eachBlock(frame, 0, (loud, from, to) => (loud ? this.#onSound(from, to) : this.#onSilence(from, to)));
    const turn = this.#turn;
    if (text === undefined || turn === undefined) return;
    turn.text = text;
    if (turn.fault !== 'silent') this.#partial(text);
  }

  /** It is asked to end the turn. */
  async finish(): Promise<void> {
    await sleep(this.#context.clock, 50, this.#context.signal);
    this.#over();
  }

  #faultOf({ fault }: JudgedTurn): JudgedTurn['fault'] {
    return this.#plan.isOver ? undefined : fault;
  }

  #onSound(from: number, to: number): void {
    const { turn: faults, ear } = this.#plan;
    if (this.#turn === undefined) {
      const fault = faults.shift() ?? ear.shift();
      this.#turn = { fault, from, quietSince: undefined, text: '', isEnding: false, hasResumed: false };
      if (fault !== 'silent') this.#partial('', 'begun');
    }
    const turn = this.#turn;
    turn.quietSince = undefined;
    if (turn.isEnding) this.#resume(turn);
    turn.hasResumed = false;
    if (this.#faultOf(turn) === 'too-soon' && to - turn.from >= TOO_SOON_MS * 1_000) this.#over();
  }

  #onSilence(from: number, to: number): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    turn.quietSince ??= from;
    const quietMs = (to - turn.quietSince) / 1_000;
    const fault = this.#faultOf(turn);
    if (quietMs >= ENDING_MS && !turn.isEnding && !turn.hasResumed && fault !== 'sudden') this.#end(turn);
    if (quietMs >= RESUMED_MS && turn.isEnding && fault === 'resumed') this.#resume(turn);
    if (quietMs >= OVER_MS && fault !== 'endless') this.#over();
  }

  /** The turn is probably over. */
  #end(turn: JudgedTurn): void {
    turn.isEnding = true;
    const text = this.#understanding.now() ?? turn.text;
    turn.text = text;
    switch (this.#faultOf(turn)) {
      case 'lost':
        return this.#context.fail(new Error('lost'));
      case 'silent':
        return;
      case 'partials':
        for (let i = 0; i < 5_000; i++) this.#partial('and so on');
        return;
      case 'flaps':
        for (let i = 0; i < FLAPS; i++) {
          this.#partial(text, 'ending');
          this.#partial(text, 'resumed');
        }
        return this.#partial(text, 'ending');
      case 'other-words':
        return this.#partial(`${text} almost`, 'ending');
      case 'spelled':
        return this.#partial(`${text.toUpperCase()}.`, 'ending');
      default:
        return this.#partial(text, 'ending');
    }
  }

  #resume(turn: JudgedTurn): void {
    turn.isEnding = false;
    turn.hasResumed = true;
    if (this.#faultOf(turn) !== 'silent') this.#partial(turn.text, 'resumed');
  }

  #over(): void {
    const turn = this.#turn;
    const stretch = this.#understanding.finish();
    if (turn === undefined || stretch === undefined) return;
    this.#turn = undefined;
    const fault = this.#faultOf(turn);
    if (fault === 'silent') return;
    const [start, end] = [micros(stretch.start), micros(stretch.end)];
    const rejected = fault === 'rejected';
    const text = rejected || fault === 'withdrawn' ? '' : stretch.text;
    const told = {
      type: 'final',
      text,
      words: [],
      start,
      end,
      turn: 'over',
      ...(rejected ? { rejected } : {}),
    } as const;
    if (fault === 'late') void this.#tellLate(told);
    else this.#tell(told);
    if (fault !== 'ghost') return;
    this.#partial('', 'begun');
    this.#partial('nobody said that', 'ending');
    this.#tell({ ...told, text: 'nobody said that' });
  }

  #partial(text: string, turn?: TurnMark): void {
    this.#tell({ type: 'partial', text, words: [], ...(turn === undefined ? {} : { turn }) });
  }

  #tell(event: RecognizerEvent): void {
    if (this.#late === undefined) this.#context.emit(event);
    else this.#late.push(event);
  }

  /** What follows on a connection comes after what is late. */
  async #tellLate(event: RecognizerEvent): Promise<void> {
    const { clock, signal, emit } = this.#context;
    if (this.#late !== undefined) return void this.#late.push(event);
    this.#late = [event];
    await sleep(clock, 1_800, signal).catch(() => {});
    for (const late of this.#late.splice(0)) emit(late);
    this.#late = undefined;
  }
}
