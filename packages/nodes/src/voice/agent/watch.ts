import type { AgentContext } from './agent-context.ts';
import type { VoiceAgentOptions } from './agent-options.ts';
import { callBack } from './call-back.ts';
import { Liveness, type SessionState } from './liveness.ts';

/** What is watched for: a part of what any kind of agent shares. */
export interface WatchContext extends Pick<AgentContext, 'graph' | 'bounds' | 'tell'> {
  readonly options: Pick<VoiceAgentOptions, 'onIdle'>;
}

export interface WatchedAgent {
  /** Whether something is to be said, or being said. */
  readonly isBusy: () => boolean;
  /** Nothing was heard of the voice for too long. */
  readonly giveVoiceUp: () => void;
}

/** Follows what an agent does, each state with its bound and with what is done when it is reached. */
export class Watch {
  readonly #context: WatchContext;
  readonly #agent: WatchedAgent;
  readonly #liveness: Liveness;

  constructor(context: WatchContext, agent: WatchedAgent) {
    this.#context = context;
    this.#agent = agent;
    this.#liveness = new Liveness(context.graph.clock, (state) => context.tell({ type: 'state', ...state }));
  }

  get state(): SessionState {
    return this.#liveness.current;
  }

  get isMuted(): boolean {
    return this.state.state === 'muted';
  }

  get isEnded(): boolean {
    return this.state.state === 'ended';
  }

  /** A model is asked for a reply, and given up when its first word does not come; its tools may take `toolsMs` beside. */
  think(giveUp: (error: Error) => void, toolsMs = 0): void {
    const thinkingMs = this.#context.bounds.thinkingMs + toolsMs;
    const silentFor = `the model said nothing for ${thinkingMs} ms`;
    this.#liveness.enter({ state: 'thinking' }, thinkingMs, () => giveUp(new Error(silentFor)));
  }

  /** A voice of which nothing is heard is given up. */
  voice(state: 'thinking' | 'speaking' = 'speaking'): void {
    if (this.isMuted || !this.#agent.isBusy() || (state === 'thinking' && this.state.state === 'speaking')) return;
    this.#boundVoice(state);
  }

  #boundVoice(state: 'thinking' | 'speaking'): void {
    const { tell, bounds } = this.#context;
    const { speakingMs } = bounds;
    this.#liveness.enter({ state }, speakingMs, () => {
      tell({ type: 'problem', error: new Error(`nothing was heard of the voice for ${speakingMs} ms`) });
      this.#agent.giveVoiceUp();
    });
  }

  /** Nothing is being said: it listens. A muted one only when it is `unmuted`, and speaks on if it speaks. */
  listen(unmuted = false): void {
    if (this.isMuted && !unmuted) return;
    if (this.#agent.isBusy()) {
      if (this.isMuted) this.#boundVoice('speaking');
      return;
    }
    const { options, bounds } = this.#context;
    this.#liveness.enter({ state: 'listening' }, bounds.idleMs, () => {
      callBack('onIdle', options.onIdle);
      this.listen();
    });
  }

  mute(by: string, unmute: () => void): void {
    this.#liveness.enter({ state: 'muted', by }, this.#context.bounds.mutedMs, unmute);
  }

  end(): void {
    this.#liveness.end();
  }
}
