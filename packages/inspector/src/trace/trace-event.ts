// What was told of graphs as a trace in the form of Chrome, for tools that show such. Nothing of Node and nothing of a browser.

/** An event of the Trace Event Format. Times are in microseconds. */
export interface TraceEvent {
  /** What a node did, what a curve is of, what happened. */
  readonly name: string;
  /** `X` a stretch, `C` numbers, `i` a moment, `M` the name of a process or thread. */
  readonly ph: 'X' | 'C' | 'i' | 'M';
  /** Since the first sample. */
  readonly ts: number;
  /** Of a stretch. */
  readonly dur?: number;
  /** A graph, or what is said of the whole process. */
  readonly pid: number;
  /** A node, or a voice. */
  readonly tid: number;
  /** How far a moment is drawn: over its thread or its process. */
  readonly s?: 't' | 'p';
  /** What is known beside; the number of a curve is its `value`. */
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A file that ui.perfetto.dev and chrome://tracing open. */
export interface Trace {
  /** In no order: tools sort them by their times. */
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ms';
  /** Of what it is. */
  readonly otherData: {
    /** What ran, as its command line says. */
    readonly program: string;
    /** When the first sample was taken. */
    readonly startedAt: string;
  };
}

/** The number that stands for the process as a whole; graphs come behind it. */
export const PROCESS = 1;
export const pidOf = (graph: number): number => PROCESS + graph;

/** Numbers for those who do something in a graph, in the order in which they are met. */
export class Threads {
  readonly #numbers = new Map<string, number>();
  readonly #events: TraceEvent[];

  /** @param events where names are written */
  constructor(events: TraceEvent[]) {
    this.#events = events;
  }

  /** Of a node or voice; 0 stands for the graph. */
  of(graph: number, name: string): number {
    const key = `${graph}\n${name}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const tid = this.#numbers.size + 1;
    this.#numbers.set(key, tid);
    this.#events.push({ name: 'thread_name', ph: 'M', ts: 0, pid: pidOf(graph), tid, args: { name } });
    return tid;
  }
}
