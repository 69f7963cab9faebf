import type { OperatorFunction } from 'rxjs';
import type { GlitchCounts } from '../media/glitches.ts';
import type { MediaConstraint, MediaFormat } from '../media/media-format.ts';
import type { Micros } from '../time/units.ts';
import type { ActorContext } from './actor-context.ts';
import { type ControlSpecs, checkControls } from './control-spec.ts';
import type { OverflowPolicy } from './overflow-policy.ts';

/** Carries the description of an operator, source or sink. `Symbol.for`, so that two copies of core agree. */
export const NODE = Symbol.for('sluice.node');

/** What the graph knows of an operator: enough to negotiate formats, draw it and name it in messages. */
export interface OperatorSpec {
  /** The operator's function name: `resample`. */
  readonly name: string;
  /** What it takes; absent for anything. */
  readonly accepts?: MediaConstraint;
  /** What leaves for a given input; absent if the format passes unchanged. */
  readonly produces?: (input: MediaFormat) => MediaFormat;
  /** How many frames it may hold before the actor takes no further one; default 1 for each `hold()`. */
  readonly maxHeld?: number;
  /** Media time that it holds back, in milliseconds. */
  readonly latencyMs?: number;
  /** Whether what leaves has times of its own, as of sound that is stretched: its age counts from here. */
  readonly restamps?: boolean;
  /** What the link between a live source and it does when it is full. Default: what the source says. */
  readonly overflow?: Exclude<OverflowPolicy, 'block'>;
  /** What is doubtful just now. See `SourceSpec.problems`. */
  readonly problems?: () => readonly string[];
  /** Whether its work is done on a thread of its own. */
  readonly threaded?: boolean;
  /** Control messages that it takes, by their type. */
  readonly controls?: ControlSpecs;
}

/** What a graph has to know of a source. */
export interface SourceSpec {
  /**
   * What is doubtful just now, one sentence each that goes on from the node's name: `is not selected; ...`. Asked when
   * somebody looks.
   */
  readonly problems?: () => readonly string[];
  /** For sources that hear or see in real time: what was wrong so far. Asked when somebody looks. */
  readonly glitches?: () => GlitchCounts | undefined;
  /** As graphs and messages show it: `fromTone`. */
  readonly name: string;
  /** The format, where it is known from the options. */
  readonly format?: MediaFormat;
  /** Finds the format before the start (opens the file, reads the header). Must be idempotent. */
  readonly prepare?: () => Promise<MediaFormat>;
  /** True if it cannot wait: what has no room is lost by the link's policy. */
  readonly live?: boolean;
  /** What the link behind a live source does when it is full, unless it is told otherwise. Default `drop-oldest`. */
  readonly overflow?: Exclude<OverflowPolicy, 'block'>;
  /** Control messages that it takes, by their type. */
  readonly controls?: ControlSpecs;
}

/** What a graph has to know of a sink. */
export interface SinkSpec {
  /** What is doubtful just now. See `SourceSpec.problems`. */
  readonly problems?: () => readonly string[];
  /** For sinks that play in real time: what was wrong so far; undefined for one that does not count. */
  readonly glitches?: () => GlitchCounts | undefined;
  /** As graphs and messages show it: `toWavFile`. */
  readonly name: string;
  /** The formats that it takes; a graph converts what comes to them, or refuses. Default: any. */
  readonly accepts?: MediaConstraint;
  /** Resolves with the sink's result when it has finished what it was given. */
  readonly finished: Promise<unknown>;
  /**
   * Called once by the graph, before the first frame. `failed` is told of a fault at once, before `finished` rejects; who
   * gives it tells of the fault, so that a rejection of `finished` is then no unhandled one.
   */
  readonly attach: (context: ActorContext, failed?: (reason: Error) => void) => void;
  /** Opens files and devices before the start, so that a fault is an error of `run()` at once. */
  readonly prepare?: () => Promise<void>;
  /** Drops what is unfinished and gives resources back. */
  readonly abort: (reason: Error) => void;
  /** How many frames it may hold before it is given no further one. Default 1 in a graph, 50 without one. */
  readonly maxHeld?: number;
  /** For sinks that play by themselves: the media time that leaves now. See `SinkWriter.position`. */
  readonly position?: () => Micros | undefined;
  /** For sinks that know what left them: media since it was opened, in microseconds. See `SinkWriter.played`. */
  readonly played?: () => number | undefined;
  /** Stands still until `resume`, as `SinkWriter.pause` says. May come before it was opened; what fails is reported. */
  readonly pause?: (fadeMs: number) => Promise<void>;
  /** Goes on after `pause`, with the next sample. */
  readonly resume?: () => void;
  /** For sinks that tell of utterances. See `SinkWriter.lost`. */
  readonly lost?: (utterances: readonly string[]) => void;
}

/** Attaches a description to an operator. The operator stays a plain RxJS `OperatorFunction`. */
export function describeOperator<A, B>(spec: OperatorSpec, operator: OperatorFunction<A, B>): OperatorFunction<A, B> {
  checkControls(spec.name, spec.controls);
  return Object.assign(operator, { [NODE]: spec });
}

/** The description of an operator; a plain RxJS operator has none and is taken to pass formats unchanged. */
export function operatorSpec(operator: object): OperatorSpec | undefined {
  return (operator as { readonly [NODE]?: OperatorSpec })[NODE];
}

export function sourceSpec(source: object): SourceSpec | undefined {
  return (source as { readonly [NODE]?: SourceSpec })[NODE];
}

export function sinkSpec(sink: object): SinkSpec | undefined {
  return (sink as { readonly [NODE]?: SinkSpec })[NODE];
}
