import { type Graph, toError } from '@sluice/core';
import type { AgentContext } from './agent-context.ts';

/** A group of the graph by this name holds what is interrupted: from what makes the voice to the device. */
export const MOUTH = 'mouth';

/** Lets a voice stand still, go on, or be dropped, at the device. */
export class VoiceHold {
  readonly #graph: Graph;
  readonly #tell: AgentContext['tell'];
  #paused = false;
  #cut: Promise<unknown> = Promise.resolve();

  constructor({ graph, tell }: Pick<AgentContext, 'graph' | 'tell'>) {
    this.#graph = graph;
    this.#tell = tell;
  }

  /** Settles when the device has told what the last interruption cut. */
  get cut(): Promise<unknown> {
    return this.#cut;
  }

  /** The voice stands still at once, and nothing of it is lost. */
  pause(by?: string): void {
    this.#paused = true;
    const who = by === undefined ? {} : { by };
    const { clock } = this.#graph;
    this.#tell({ type: 'paused', atMs: clock.now(), ...who });
    void this.#graph
      .pause({ scope: MOUTH })
      .then(() => this.#tell({ type: 'silent', atMs: clock.now(), ...who }))
      .catch((error: unknown) => this.#tell({ type: 'problem', error: toError(error) }));
  }

  resume(): void {
    if (!this.#paused) return;
    this.#resumeQuietly();
    this.#tell({ type: 'resumed', atMs: this.#graph.clock.now() });
  }

  /** Drops what was not heard yet. Resolves when it is known what was. `wasBusy`: there was something to interrupt. */
  async interrupt(wasBusy: boolean, by?: string): Promise<void> {
    if (this.#graph.status !== 'running') return;
    // What stands still has faded out; a mixer would add the fade of what comes after it.
    const cut = this.#graph.interrupt({ scope: MOUTH, ...(this.#paused ? { fadeMs: 0 } : {}) });
    this.#cut = cut;
    const who = by === undefined ? {} : { by };
    if (wasBusy) this.#tell({ type: 'interrupted', atMs: this.#graph.clock.now(), ...who });
    await cut;
    this.#resumeQuietly();
  }

  #resumeQuietly(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#graph.resume({ scope: MOUTH });
  }
}
