import { checkKeys } from '../../check-keys.ts';
import { invalidArgument, outOfRange, SluiceError, toError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { awaitsInspector, offerToInspector } from '../../graph/offer-to-inspector.ts';
import type { SessionHeader } from '../container/session-header.ts';
import { noSession } from '../container/session-header.ts';
import { SessionReader } from '../container/session-reader.ts';
import type { SessionRecord } from '../container/session-record.ts';
import { graphOf, shapeOf } from '../ends/graph-of-session.ts';
import { type SessionProgram, sessionEnv } from '../ends/session-env.ts';
import { drained } from '../passage/drained.ts';
import { sessionControls } from '../passage/session-controls.ts';
import type { ReplayedOutput } from './output-tally.ts';
import { recordGroups } from './record-groups.ts';
import { type ReplayedCrossing, ReplayPassage } from './replay-passage.ts';
import type { SessionDifference } from './session-difference.ts';

/** Which program {@link replaySession} runs, and how long it waits for it. */
export interface ReplayOptions {
  /** The program that was recorded, or the one that is to be compared with it. */
  readonly program: SessionProgram;
  /** How long tracked work, a file for example, may take in real time before it counts as lost, in ms. Default 30,000. */
  readonly patienceMs?: number;
  /** Told at each event that was done how far that is from the first, in ms of the session. It should be quick, and not throw. */
  readonly onProgress?: (mediaMs: number) => void;
  /** Told of all that comes in and goes out, in its order. It should be quick, keep no frame and close none, and not throw. */
  readonly onCrossing?: (crossing: ReplayedCrossing) => void;
}

/** What became of a replay. */
export interface ReplayReport {
  /** What the file says of itself: graph, versions, program. */
  readonly header: SessionHeader;
  /** Records that were replayed. */
  readonly records: number;
  /** Of each sink, in the order in which they were first written to. */
  readonly outputs: readonly ReplayedOutput[];
  /** Empty if everything was as it was recorded; else the first hundred, in their order. */
  readonly differences: readonly SessionDifference[];
  /** Whether the file is whole. One that was cut is replayed to its last whole record. */
  readonly complete: boolean;
  /** How long it took. */
  readonly realMs: number;
  /** From the first to the last record. */
  readonly mediaMs: number;
}

/**
 * Does a recorded session again, as fast as the machine can: the program's graph is given what came in, in its order, and
 * everything that it does is compared with what it did. Nothing goes outside: no device, no network, no model.
 *
 * @example
 * const { differences } = await replaySession('call.sluice', { program });
 * if (differences.length > 0) throw differences[0];
 * @throws SLUICE_SESSION_FILE, SLUICE_SESSION_VERSION, SLUICE_SESSION_WITHHELD, SLUICE_SESSION_PROGRAM (as rejections)
 * @see recordSession
 */
export async function replaySession(file: string, options: ReplayOptions): Promise<ReplayReport> {
  checkKeys<ReplayOptions>('replaySession', options, {
    program: true,
    patienceMs: true,
    onProgress: true,
    onCrossing: true,
  });
  const { program, patienceMs = 30_000, onProgress, onCrossing } = options;
  if (typeof file !== 'string') throw invalidArgument('file', 'the path of a session', file);
  if (typeof program !== 'function') throw invalidArgument('replaySession.program', '(env) => graph', program);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw invalidArgument('replaySession.onProgress', 'a function', onProgress);
  if (onCrossing !== undefined && typeof onCrossing !== 'function')
    throw invalidArgument('replaySession.onCrossing', 'a function', onCrossing);
  if (!(patienceMs > 0)) throw outOfRange('replaySession.patienceMs', 'more than 0 ms', patienceMs);
  await using reader = await SessionReader.open(file);
  return await new Replay(reader, program, { patienceMs, onCrossing }).run(onProgress);
}

class Replay {
  readonly #reader: SessionReader;
  readonly #passage: ReplayPassage;
  readonly #patienceMs: number;
  #graph: Graph | undefined;
  #failure: SluiceError | undefined;
  #records = 0;
  #complete = false;

  constructor(
    reader: SessionReader,
    program: SessionProgram,
    { patienceMs, onCrossing }: { readonly patienceMs: number; readonly onCrossing: ReplayOptions['onCrossing'] },
  ) {
    this.#reader = reader;
    this.#patienceMs = patienceMs;
    const passage = new ReplayPassage(reader.header, onCrossing);
    this.#passage = passage;
    const env = sessionEnv(passage);
    const graph = () => this.#graph ?? unfinished();
    passage.control(sessionControls.program, () => this.#build(() => program(env)));
    passage.control(sessionControls.start, () => graph().start());
    passage.control(sessionControls.stop, () => graph().stop());
    passage.control(sessionControls.abort, () => graph().abort());
    passage.control(sessionControls.end, () => {
      this.#complete = true;
    });
  }

  async run(onProgress?: (mediaMs: number) => void): Promise<ReplayReport> {
    const began = performance.now();
    let firstMs: number | undefined;
    let lastMs = 0;
    try {
      for await (const group of recordGroups(this.#reader)) {
        firstMs ??= group.atMs;
        lastMs = group.atMs;
        this.#passage.begin(group);
        await this.#perform(group.event);
        await drained();
        this.#passage.finish();
        const failure = this.#passage.failure ?? this.#failure;
        if (failure !== undefined) throw failure;
        this.#records = (group.rest.at(-1) ?? group.event).index;
        onProgress?.(lastMs - firstMs);
        // Between two events: loading it takes turns of the event loop in which nothing may happen.
        if (this.#graph !== undefined && awaitsInspector(this.#graph)) await offerToInspector(this.#graph);
        if (this.#passage.over || this.#complete) break;
      }
    } finally {
      this.#passage.end();
      this.#graph?.finished.catch(() => {});
      this.#graph?.abort();
      await drained();
    }
    const { differences, tally } = this.#passage;
    return {
      header: this.#reader.header,
      records: this.#records,
      outputs: tally.outputs,
      differences,
      complete: this.#complete,
      realMs: performance.now() - began,
      mediaMs: lastMs - (firstMs ?? 0),
    };
  }

  async #perform(event: SessionRecord): Promise<void> {
    const { type, json, index } = event;
    if (type === 'input') this.#passage.deliver(event);
    else if (type === 'control') this.#passage.command(event);
    else if (type !== 'clock') throw noSession(`record ${index} of the type ${type} cannot come in`);
    else if ('timer' in json) this.#fire(event);
    else await this.#settle(event);
  }

  #fire(event: SessionRecord): void {
    const { timer, due } = event.json;
    const found = this.#passage.clock.takeTimer(timer as number);
    const recorded = `timer ${String(timer)} due at ${String(due)} ms`;
    if (found?.due === due) found!.callback();
    else this.#passage.disagree(event, 'clock', recorded, found ? `due at ${found.due} ms` : 'no such timer');
  }

  async #settle(event: SessionRecord): Promise<void> {
    const { track, failed = false } = event.json;
    const work = this.#passage.clock.takeWork(track as number);
    const recorded = `tracked work ${String(track)} ${failed ? 'failed' : 'was done'}`;
    if (work === undefined) return this.#passage.disagree(event, 'clock', recorded, 'no such work');
    const done = await withPatience(work.real, this.#patienceMs);
    if (done === undefined) return this.#passage.disagree(event, 'clock', recorded, `not after ${this.#patienceMs} ms`);
    if (done === failed) return this.#passage.disagree(event, 'clock', recorded, done ? 'was done' : 'failed');
    work.settle();
  }

  async #build(program: () => unknown): Promise<void> {
    try {
      this.#graph = graphOf(await program(), this.#passage.clock);
      this.#compareShape(this.#graph);
    } catch (error) {
      this.#failure =
        error instanceof SluiceError
          ? error
          : new SluiceError('SLUICE_SESSION_PROGRAM', `the program failed: ${toError(error).message}`, {
              cause: error,
            });
    }
  }

  #compareShape(graph: Graph): void {
    const recorded = this.#reader.header.graph;
    const replayed = shapeOf(graph);
    if (recorded.hash === replayed.hash && recorded.name === replayed.name) return;
    const gone = recorded.shape.find((line) => !replayed.shape.includes(line));
    const added = replayed.shape.find((line) => !recorded.shape.includes(line));
    const named = gone === undefined && added === undefined;
    this.#passage.differ('SLUICE_SESSION_GRAPH', 'the graph is not the one that was recorded', {
      record: 0,
      node: (gone ?? added ?? recorded.name).split(':')[0]!,
      recorded: named ? recorded.name : (gone ?? 'nothing'),
      replayed: named ? replayed.name : (added ?? 'nothing'),
    });
  }
}

function unfinished(): never {
  throw new SluiceError('SLUICE_SESSION_PROGRAM', 'the program was not done when the session went on', {
    expected: 'a graph as soon as everything that it waited for has come in',
  });
}

/** What the work says, or undefined if it takes longer in real time. */
async function withPatience(work: Promise<boolean>, ms: number): Promise<boolean | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  const done = await Promise.race([work, late]);
  clearTimeout(timer);
  return done;
}
