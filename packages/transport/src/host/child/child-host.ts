// The same contract served by an engine in a child process: wire, shared pictures, restarts. Uses engine only to
// serve it.

import { type Cancel, type Clock, realClock, type SluiceError } from '@sluice/core';
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
import { copyIce } from './copy-ice.ts';
import { EngineLink } from './engine-link.ts';
import { EngineProcess, type EngineProcessHandlers } from './engine-process.ts';
import { EngineRun } from './engine-run.ts';
import { ANSWERED_WITHIN_MS } from './overdue-count.ts';
import { PictureLane } from './picture-lane.ts';
import { RemoteConnection } from './remote-connection.ts';
import { RemoteSource } from './remote-source.ts';
import { RemoteVideoSource } from './remote-video-source.ts';
import { RestartPlan } from './restart-plan.ts';
import type { WireKind } from './wire.ts';

export interface ChildHostOptions {
  /** Default: the real clock. */
  readonly clock?: Clock;
  /** Path of the compiled program of the child. Default: the one of this package. */
  readonly entry?: string;
  /** How long an engine may owe an answer before it counts as broken. Default 10,000. */
  readonly answerWithinMs?: number;
  /** Starts an engine. Default: a process of that program. */
  readonly start?: (handlers: EngineProcessHandlers) => RunningEngine;
}

/** What is used of a process. */
export type RunningEngine = Pick<EngineProcess, 'memory' | 'pid' | 'send' | 'setReferenced' | 'close'>;

/** The engine in a child process: a blocked event loop here does not interrupt what was written ahead. */
export function createChildHost(options: ChildHostOptions = {}): MediaHost {
  const start = options.start ?? ((handlers) => new EngineProcess(handlers, options.entry));
  return new ChildHost(options.clock ?? realClock, options.answerWithinMs ?? ANSWERED_WITHIN_MS, start);
}

class ChildHost implements MediaHost {
  readonly mode = 'child';
  readonly #clock: Clock;
  readonly #answerWithinMs: number;
  readonly #startEngine: (handlers: EngineProcessHandlers) => RunningEngine;
  readonly #downListeners = new Listeners<HostDeath>();
  readonly #upListeners = new Listeners<undefined>();
  readonly #plan = new RestartPlan();
  #run: EngineRun;
  #process: RunningEngine | undefined;
  /** Commands for an engine that has not been started again yet. */
  #backlog: Buffer[] = [];
  #cancelRestart: Cancel = () => {};
  #cancelDecision: Cancel = () => {};
  #deathCount = 0;
  #lastDeath: HostDeath | undefined;
  #failure: SluiceError | undefined;
  #lastId = 0;
  /** Pictures that former runs did not carry, or that came while there was none. */
  #picturesDropped = 0;
  #closed = false;

  constructor(clock: Clock, answerWithinMs: number, start: (handlers: EngineProcessHandlers) => RunningEngine) {
    this.#clock = clock;
    this.#answerWithinMs = answerWithinMs;
    this.#startEngine = start;
    this.#run = this.#newRun();
    this.#start();
  }

  get failure(): SluiceError | undefined {
    return this.#failure;
  }

  get pid(): number {
    return this.#process?.pid ?? -1;
  }

  createAudioSource(options: HostAudioSourceOptions): HostAudioSource {
    this.#checkUsable();
    checkAudioSourceOptions(options);
    const { sampleRate, channels, autoSilence, cushionMs, firstCushionMs } = options;
    const first = firstCushionMs === undefined ? {} : { firstCushionMs };
    const run = this.#run;
    const id = ++this.#lastId;
    const { link } = run;
    const isHeld = this.#process === undefined;
    const source = new RemoteSource({ id, link, channels, isHeld, onClose: () => this.#forget(run.sources, id) });
    run.sources.set(id, source);
    run.link.tell({ type: 'create-source', id, options: { sampleRate, channels, autoSilence, cushionMs, ...first } });
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
    const stats = await this.#run.link.ask({ type: 'host-stats' });
    const dropped = this.#picturesDropped + (this.#run.lane?.dropped ?? 0);
    return { ...stats, picturesDropped: stats.picturesDropped + dropped };
  }

  onDown(listener: (death: HostDeath) => void): Cancel {
    return this.#downListeners.add(listener);
  }

  onUp(listener: () => void): Cancel {
    return this.#upListeners.add(() => listener());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelRestart();
    this.#cancelDecision();
    const { connections, sources, videoSources, link, lane } = this.#run;
    for (const connection of [...connections.values()]) connection.close();
    for (const source of [...sources.values(), ...videoSources.values()]) source.close();
    link.cut();
    lane?.end();
    await this.#process?.close();
  }

  #newRun(): EngineRun {
    const link = new EngineLink(
      (message) => this.#send(message),
      () => this.#updateReference(),
    );
    return new EngineRun(link, this.#answerWithinMs, () => this.#runs());
  }

  #start(): void {
    const run = this.#run;
    const handlers = {
      message: (kind: WireKind, payload: Buffer) => run.receive(kind, payload),
      look: () => run.look(),
      died: (exitCode: number | null, signal: string | null) => this.#died(run, exitCode, signal),
    };
    const engine = this.#startEngine(handlers);
    this.#process = engine;
    run.lane = new PictureLane(engine.memory, (head, bytes) => engine.send(head, bytes));
    for (const message of this.#backlog.splice(0)) engine.send(message);
    for (const source of run.sources.values()) source.begin();
    this.#updateReference();
  }

  /** What cannot even be started has died. */
  #restart(): void {
    const run = this.#run;
    try {
      this.#start();
    } catch {
      this.#died(run, null, null);
    }
  }

  #send(message: Buffer): void {
    if (this.#process === undefined) this.#backlog.push(message);
    else this.#process.send(message);
  }

  /** A picture for an engine that is not there is an old one when it is. */
  #sendPicture(run: EngineRun, id: number, picture: HostPicture, taken: () => void): void {
    if (run.lane !== undefined) return run.lane.send(id, '', picture, taken);
    this.#picturesDropped++;
    taken();
  }

  #runs(): void {
    if (this.#deathCount > 0) this.#upListeners.emit(undefined);
  }

  #died(run: EngineRun, exitCode: number | null, signal: string | null): void {
    const { retryAt, decideAt } = this.#plan.died(this.#clock.now());
    const death = { exitCode, signal, count: ++this.#deathCount, retryAt, failed: false };
    this.#lastDeath = death;
    if (retryAt !== undefined) this.#cancelRestart = this.#clock.at(retryAt, () => this.#restart());
    if (decideAt !== undefined) this.#cancelDecision = this.#clock.at(decideAt, () => this.#decide());
    this.#lose(run, death);
  }

  /** A crisis has lasted a minute. */
  #decide(): void {
    if (this.#run.up) return this.#plan.recovered();
    this.#cancelRestart();
    const death = { ...this.#lastDeath!, retryAt: undefined, failed: true };
    this.#failure = hostFailed(death);
    const started = this.#process;
    this.#lose(this.#run, death);
    // It was started and has said nothing yet.
    started?.close().catch(() => {});
  }

  #lose(run: EngineRun, death: HostDeath): void {
    this.#process = undefined;
    this.#backlog = [];
    this.#run = this.#newRun();
    this.#picturesDropped += run.lane?.dropped ?? 0;
    // Whoever owned something hears of the death before anything that belonged to the dead engine fails or closes.
    this.#downListeners.emit(death);
    run.link.cut();
    run.lane?.end();
    for (const connection of [...run.connections.values()]) connection.close();
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
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function copyOptions({ candidates, pictures, ...ice }: HostConnectionOptions) {
  return {
    candidates,
    ...(pictures === undefined ? {} : { pictures }),
    ...copyIce(ice),
  };
}
