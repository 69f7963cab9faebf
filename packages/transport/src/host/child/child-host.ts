// The same contract served by an engine in a child process: wire, shared pictures, restarts. Uses engine only to
// serve it.

import { type Cancel, type Clock, realClock } from '@sluice/core';
import { hostClosed, hostFailed } from '../host-errors.ts';
import { checkAudioSourceOptions } from '../host-options.ts';
import { Listeners } from '../listeners.ts';
import type {
  HostAudioSource,
  HostAudioSourceOptions,
  HostConnection,
  HostConnectionOptions,
  HostDeath,
  HostPicture,
  HostStats,
  HostVideoSource,
  HostVideoSourceOptions,
  MediaHost,
} from '../media-host.ts';
import { type HostEvent, hostEvent, parseControl } from './control-messages.ts';
import { copyIce } from './copy-ice.ts';
import { EngineLink } from './engine-link.ts';
import { EngineProcess } from './engine-process.ts';
import { PictureLane } from './picture-lane.ts';
import { RemoteConnection } from './remote-connection.ts';
import { RemoteSource } from './remote-source.ts';
import { RemoteVideoSource } from './remote-video-source.ts';
import { brokenWire, decodeAudio, decodeProgress, PROGRESS_FIELDS, type WireKind, wireKinds } from './wire.ts';

export interface ChildHostOptions {
  /** Default: the real clock. */
  readonly clock?: Clock;
  /** Path of the compiled program of the child. Default: the one of this package. */
  readonly entry?: string;
}

/** The engine fails for good with this many deaths within a minute. */
const DEATH_BUDGET = 4;
const BUDGET_WINDOW_MS = 60_000;
/** Wait before the second, third and fourth start of an engine that keeps dying, in milliseconds. The first is at once. */
const BACKOFF_MS = [0, 250, 1_000] as const;

/** The engine in a child process: a blocked event loop here does not interrupt what was written ahead. */
export function createChildHost(options: ChildHostOptions = {}): MediaHost {
  return new ChildHost(options.clock ?? realClock, options.entry);
}

/** One run of the engine and all that lives in it. */
interface Run {
  readonly link: EngineLink;
  readonly sources: Map<number, RemoteSource>;
  readonly videoSources: Map<number, RemoteVideoSource>;
  readonly connections: Map<number, RemoteConnection>;
  /** Undefined until the process is started. */
  lane: PictureLane | undefined;
}

class ChildHost implements MediaHost {
  readonly mode = 'child';
  readonly #clock: Clock;
  readonly #entry: string | undefined;
  readonly #downListeners = new Listeners<HostDeath>();
  #run: Run;
  #process: EngineProcess | undefined;
  /** Commands for an engine that has not been started again yet. */
  #backlog: Buffer[] = [];
  #cancelRestart: Cancel = () => {};
  #deaths: number[] = [];
  #deathCount = 0;
  #failed: HostDeath | undefined;
  #lastId = 0;
  /** Pictures that former runs did not carry, or that came while there was none. */
  #picturesDropped = 0;
  #closed = false;

  constructor(clock: Clock, entry: string | undefined) {
    this.#clock = clock;
    this.#entry = entry;
    this.#run = this.#newRun();
    this.#start();
  }

  get pid(): number {
    return this.#process?.pid ?? -1;
  }

  createAudioSource(options: HostAudioSourceOptions): HostAudioSource {
    this.#checkUsable();
    checkAudioSourceOptions(options);
    const { sampleRate, channels, autoSilence, cushionMs } = options;
    const run = this.#run;
    const id = ++this.#lastId;
    const source = new RemoteSource(id, run.link, () => this.#forget(run.sources, id));
    run.sources.set(id, source);
    run.link.tell({ type: 'create-source', id, options: { sampleRate, channels, autoSilence, cushionMs } });
    this.#updateReference();
    return source;
  }

  createVideoSource({ screen }: HostVideoSourceOptions): HostVideoSource {
    this.#checkUsable();
    const run = this.#run;
    const id = ++this.#lastId;
    const send = (picture: HostPicture, taken: () => void) => this.#sendPicture(run, id, picture, taken);
    const source = new RemoteVideoSource(id, run.link, send, () => {
      run.lane?.forget(id);
      this.#forget(run.videoSources, id);
    });
    run.videoSources.set(id, source);
    run.link.tell({ type: 'create-video-source', id, options: { screen } });
    this.#updateReference();
    return source;
  }

  createConnection(options: HostConnectionOptions): HostConnection {
    this.#checkUsable();
    const run = this.#run;
    const id = ++this.#lastId;
    const connection = new RemoteConnection(id, run.link, () => this.#forget(run.connections, id));
    run.connections.set(id, connection);
    run.link.tell({ type: 'create-connection', id, options: copyOptions(options) });
    this.#updateReference();
    return connection;
  }

  async stats(): Promise<HostStats> {
    this.#checkUsable();
    // The child is built from the same sources; this is what its `stats` returns.
    const stats = (await this.#run.link.ask({ type: 'host-stats' })) as HostStats;
    const dropped = this.#picturesDropped + (this.#run.lane?.dropped ?? 0);
    return { ...stats, picturesDropped: stats.picturesDropped + dropped };
  }

  onDown(listener: (death: HostDeath) => void): Cancel {
    return this.#downListeners.add(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelRestart();
    const { connections, sources, videoSources, link, lane } = this.#run;
    for (const connection of [...connections.values()]) connection.close();
    for (const source of [...sources.values(), ...videoSources.values()]) source.close();
    link.cut();
    lane?.end();
    await this.#process?.close();
  }

  #newRun(): Run {
    const link = new EngineLink(
      (message) => this.#send(message),
      () => this.#updateReference(),
    );
    return { link, sources: new Map(), videoSources: new Map(), connections: new Map(), lane: undefined };
  }

  #start(): void {
    const run = this.#run;
    const handlers = {
      message: (kind: WireKind, payload: Buffer) => this.#receive(run, kind, payload),
      died: (exitCode: number | null, signal: string | null) => this.#died(run, exitCode, signal),
    };
    const engine = new EngineProcess(handlers, this.#entry);
    this.#process = engine;
    run.lane = new PictureLane(engine.memory, (head, bytes) => engine.send(head, bytes));
    for (const message of this.#backlog.splice(0)) this.#process.send(message);
    this.#updateReference();
  }

  #send(message: Buffer): void {
    if (this.#process === undefined) this.#backlog.push(message);
    else this.#process.send(message);
  }

  /** A picture for an engine that is not there is an old one when it is. */
  #sendPicture(run: Run, id: number, picture: HostPicture, taken: () => void): void {
    if (run.lane !== undefined) return run.lane.send(id, '', picture, taken);
    this.#picturesDropped++;
    taken();
  }

  #receive(run: Run, kind: WireKind, payload: Buffer): void {
    if (kind === wireKinds.progress) return progressed(run, decodeProgress(payload));
    if (kind === wireKinds.audio) {
      const { connection, ...audio } = decodeAudio(payload);
      return run.connections.get(connection)?.emit('audio', audio);
    }
    if (kind === wireKinds.taken) return run.lane?.taken(payload);
    if (kind === wireKinds.picture) return receivePicture(run, payload);
    if (kind !== wireKinds.control) throw brokenWire(`a message of kind ${kind} from the host`);
    hear(run, parseControl(hostEvent, payload));
  }

  #died(run: Run, exitCode: number | null, signal: string | null): void {
    const now = this.#clock.now();
    this.#deathCount++;
    this.#deaths = [...this.#deaths.filter((time) => now - time < BUDGET_WINDOW_MS), now];
    const failed = this.#deaths.length >= DEATH_BUDGET;
    const death: HostDeath = { exitCode, signal, count: this.#deathCount, failed };
    this.#process = undefined;
    this.#run = this.#newRun();
    this.#picturesDropped += run.lane?.dropped ?? 0;
    if (failed) this.#failed = death;
    else this.#restartLater();
    // Whoever owned something hears of the death before anything that belonged to the dead engine fails or closes.
    this.#downListeners.emit(death);
    run.link.cut();
    run.lane?.end();
    for (const connection of [...run.connections.values()]) connection.close();
  }

  #restartLater(): void {
    const wait = BACKOFF_MS[this.#deaths.length - 1] ?? 0;
    this.#cancelRestart = this.#clock.at(this.#clock.now() + wait, () => this.#start());
  }

  #forget(items: Map<number, unknown>, id: number): void {
    items.delete(id);
    this.#updateReference();
  }

  /** An engine that serves nothing does not keep the process alive. */
  #updateReference(): void {
    const { sources, videoSources, connections, link } = this.#run;
    this.#process?.setReferenced(sources.size + videoSources.size + connections.size + link.waiting > 0);
  }

  #checkUsable(): void {
    if (this.#closed) throw hostClosed('the media host');
    if (this.#failed !== undefined) throw hostFailed(this.#failed);
  }
}

function progressed(run: Run, values: Float64Array): void {
  for (let row = 0; row < values.length; row += PROGRESS_FIELDS) {
    run.sources.get(values[row]!)?.progressed({
      played: values[row + 1]!,
      dropped: values[row + 2]!,
      silence: values[row + 3]!,
      underruns: values[row + 4]!,
      heldBack: values[row + 5]!,
    });
  }
}

/** Its bytes go to the listener for good. The connection may be closed while pictures of it are still on their way. */
function receivePicture(run: Run, payload: Buffer): void {
  if (run.lane === undefined) return;
  const { id, name, frame } = run.lane.receive(payload);
  const connection = run.connections.get(id);
  if (connection === undefined) return frame.close();
  const { width, height, colorSpace } = frame;
  connection.emit('video', { name, picture: { width, height, colorSpace, data: frame.detach() } });
}

function hear(run: Run, event: HostEvent): void {
  switch (event.type) {
    case 'alive':
      return;
    case 'result':
      return run.link.answer(event.call, event.value);
    case 'fault':
      return run.link.fault(event.call, event.code, event.message);
    case 'candidate':
      return run.connections.get(event.id)?.emit('candidate', event.data);
    case 'ice-error':
      return run.connections.get(event.id)?.emit('iceError', event.data);
    case 'state':
      return run.connections.get(event.id)?.emit('state', event.data);
    case 'track':
      return run.connections.get(event.id)?.emit('track', event.data);
    case 'packets':
      return run.connections.get(event.id)?.emit('packets', event.data);
  }
}

function copyOptions({ candidates, redundancy, ...ice }: HostConnectionOptions) {
  return { candidates, ...(redundancy === undefined ? {} : { redundancy }), ...copyIce(ice) };
}
