import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkKeys } from '../../check-keys.ts';
import { invalidArgument, type SluiceError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { awaitsInspector, offerToInspector } from '../../graph/offer-to-inspector.ts';
import type { Clock } from '../../time/clock.ts';
import { realClock } from '../../time/real-clock.ts';
import { SESSION_FORMAT, type SessionGraph, versions } from '../container/session-header.ts';
import { SessionWriter } from '../container/session-writer.ts';
import { bypassingNodes, graphOf, shapeOf } from '../ends/graph-of-session.ts';
import { type SessionProgram, type SessionResult, sessionEnv } from '../ends/session-env.ts';
import { sessionControls } from '../passage/session-controls.ts';
import { type NotReplayable, RecordingPassage } from './recording-passage.ts';

/** Which program {@link recordSession} records, and where. */
export interface RecordOptions<R extends SessionResult> {
  /** Path of the file, `call.sluice`; one that is there is replaced. */
  readonly file: string;
  /** Builds what runs from the surroundings that are recorded; time, chance and ends have to come from these alone. */
  readonly program: SessionProgram<R>;
  /** The module that has the program as `default` or `program`, for `sluice replay`: `import.meta.url`. */
  readonly module?: string;
  /** Whether samples and pixels are in the file. Without them a replay is not possible where any came in. Default false. */
  readonly sound?: boolean;
  /** Whether what was said is in the file. Without it a replay is not possible where words came in. Default false. */
  readonly text?: boolean;
  /** The clock outside. Default: the real one; a `VirtualClock` records a run in virtual time. */
  readonly clock?: Clock;
  /** Numbers from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Told when the file cannot be written any more. The graph runs on. */
  readonly onError?: (error: SluiceError) => void;
}

/** A graph that runs and is recorded. */
export interface RunningSession<R extends SessionResult = SessionResult> extends AsyncDisposable {
  /** The graph that runs. Look at it, and leave commands to `env.control`. */
  readonly graph: Graph;
  /** What the program gave. Command it through `env.control` only: a replay does not know of anything else. */
  readonly result: R;
  /** What a replay cannot do again, as far as it has shown. */
  readonly notReplayable: readonly NotReplayable[];
  /** Records so far. */
  readonly records: number;
  /** What came in so far. */
  readonly events: number;
  /** Why the file ended early. */
  readonly error: SluiceError | undefined;
  /** Writes a message of an inspector into the file; a replay passes it over. */
  inspect(message: unknown): void;
  /**
   * Stops the graph, so that it finishes what it was given, or aborts it, and closes the file. Again it waits for the same.
   *
   * @throws SLUICE_SESSION_WRITE (as a rejection) if the file ended early
   */
  close(options?: { readonly abort?: boolean }): Promise<void>;
}

/**
 * Builds a graph, starts it, and writes everything that determines it into one file: what comes in through its ends, each
 * timer, each settled piece of tracked work and each random number, in one order. `replaySession` does it again.
 *
 * Costs a few microseconds for each record; an event that comes while another is handled waits for it. The file keeps up to
 * 250 ms in memory. Sound and text stay out unless they are asked for.
 *
 * @example
 * const session = await recordSession({ file: 'call.sluice', program, sound: true, text: true });
 * // ...
 * await session.close();
 * @throws TypeError, SLUICE_SESSION_PROGRAM, SLUICE_SESSION_WRITE (as rejections), and what fails the start of the graph
 * @see replaySession
 */
export async function recordSession<R extends SessionResult>(options: RecordOptions<R>): Promise<RunningSession<R>> {
  checkKeys<RecordOptions<R>>('recordSession', options, {
    file: true,
    program: true,
    module: true,
    sound: true,
    text: true,
    clock: true,
    random: true,
    onError: true,
  });
  const { file, program, sound = false, text = false, clock = realClock, random = Math.random, onError } = options;
  if (typeof file !== 'string') throw invalidArgument('recordSession.file', 'the path of a file', file);
  if (typeof program !== 'function') throw invalidArgument('recordSession.program', '(env) => graph', program);
  const writer = await SessionWriter.open(file, { ...(onError && { onError }) });
  const passage = new RecordingPassage({ base: clock, random, writer, keeping: { sound, text } });
  try {
    // A command like others, so that what the program does is in its place.
    const result = (await passage.control(sessionControls.program, () => program(sessionEnv(passage)))()) as R;
    const graph = graphOf(result, passage.clock);
    writer.begin(header(options, shapeOf(graph)));
    for (const { node, why } of bypassingNodes(graph)) passage.doubt(node, why);
    // Loading it takes turns of the event loop that a replay does not have.
    if (awaitsInspector(graph)) await offerToInspector(graph);
    await passage.control(sessionControls.start, () => graph.start())();
    return new Recording(writer, passage, graph, result);
  } catch (error) {
    passage.gate.close();
    await writer.close().catch(() => {});
    throw error;
  }
}

function header<R extends SessionResult>(
  { file, module, sound = false, text = false }: RecordOptions<R>,
  graph: SessionGraph,
) {
  const path = module?.startsWith('file:') ? fileURLToPath(module) : module;
  const program = path === undefined ? {} : { program: relative(dirname(file), path) };
  return {
    format: SESSION_FORMAT,
    versions,
    graph,
    ...program,
    startedAt: new Date().toISOString(),
    sound,
    text,
  } as const;
}

class Recording<R extends SessionResult> implements RunningSession<R> {
  readonly graph: Graph;
  readonly result: R;
  readonly #writer: SessionWriter;
  readonly #passage: RecordingPassage;
  #closing: Promise<void> | undefined;

  constructor(writer: SessionWriter, passage: RecordingPassage, graph: Graph, result: R) {
    this.#writer = writer;
    this.#passage = passage;
    this.graph = graph;
    this.result = result;
  }

  get notReplayable(): readonly NotReplayable[] {
    return this.#passage.doubts;
  }

  get records(): number {
    return this.#writer.records;
  }

  get events(): number {
    return this.#passage.gate.events;
  }

  get error(): SluiceError | undefined {
    return this.#writer.error;
  }

  inspect(message: unknown): void {
    this.#writer.add('inspect', JSON.stringify({ at: this.#passage.gate.now, message }));
  }

  close(options: { readonly abort?: boolean } = {}): Promise<void> {
    checkKeys<{ abort?: boolean }>('session.close', options, { abort: true });
    this.#closing ??= this.#close(options.abort === true);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(abort: boolean): Promise<void> {
    const { graph } = this;
    const end = passageEnd(this.#passage, graph, abort);
    // How the graph ended is told by graph.finished.
    await end.catch(() => {});
    this.inspect(graph.inspect());
    await this.#passage.control(sessionControls.end, () => {})();
    this.#passage.gate.close();
    await this.#writer.close();
  }
}

function passageEnd(passage: RecordingPassage, graph: Graph, abort: boolean): Promise<unknown> {
  return abort
    ? passage.control(sessionControls.abort, () => graph.abort())()
    : passage.control(sessionControls.stop, () => graph.stop())();
}
