import { Attention } from '../people/attention.ts';
import { Floor } from '../people/floor.ts';
import { AGENT_VOICE, type Overlap, type Speaker } from '../people/speaker.ts';
import type { Spoken } from '../saying/utterance.ts';
import type { Turn } from '../turns/turn.ts';
import type { AgentContext } from './agent-context.ts';
import type { ConversationLog, SayingLine } from './conversation-log.ts';
import type { Ears, EarsListener } from './ears.ts';
import type { Mouth } from './mouth.ts';
import type { AskedTurn } from './reply-queue.ts';
import { Speakers } from './speakers.ts';

export interface ListeningParts {
  readonly mouth: () => Mouth;
  readonly isMuted: () => boolean;
  /** Somebody fell silent. */
  readonly onQuiet: () => void;
  /** Somebody wants the agent to be silent. */
  readonly onInterrupt: (by: string) => void;
  /** Somebody who would be replied to is probably done. */
  readonly onEnding: (saying: SayingLine & { readonly speaker: string }) => void;
  /** They are not, or need no reply after all. */
  readonly onResumed: (speaker: string) => void;
  /** Somebody is to be replied to. */
  readonly onAsked: (asked: AskedTurn) => void;
}

/** Not speaking, and to nobody. */
const nothing = { to: new Set<string>(), audible: false };

/** Makes of what people say what the agent has to do: stand still, go on, fall silent, reply, or only take note. */
export class Listening {
  readonly speakers: Speakers;
  readonly #context: AgentContext;
  readonly #log: ConversationLog;
  readonly #parts: ListeningParts;
  readonly #floor = new Floor();
  readonly #attention: Attention;
  /** Who speaks under the voice, so that it stands still. */
  readonly #suspects = new Set<string>();
  #interrupter: string | undefined;
  #turns = 0;

  constructor(context: AgentContext, log: ConversationLog, parts: ListeningParts) {
    const { hears } = context.options;
    this.#context = context;
    this.#log = log;
    this.#parts = parts;
    this.#attention = new Attention(
      context.options,
      () => log.entries,
      () => this.speakers.all,
    );
    this.speakers = new Speakers(context, this.#listener(), (ears) => this.#onGone(ears));
    if (hears !== undefined) this.speakers.addFirst({ id: 'person', hears });
  }

  /** Whether somebody is in the midst of a turn whom the agent would be rude to interrupt. */
  get floorTaken(): boolean {
    const now = this.#context.graph.clock.now();
    return this.speakers.ears.some(
      ({ id, taken, speaker }) =>
        taken && (id === this.#interrupter || this.#attention.mayInterrupt(speaker, nothing, '', now)),
    );
  }

  /** Whether anybody speaks but this one. */
  othersSpeak(id: string): boolean {
    return this.speakers.all.some((one) => one.speaking && one.id !== id);
  }

  /** The agent is heard, or about to be; or not any more. */
  set agentSpeaking(speaking: boolean) {
    this.speakers.agentSpeaking = speaking;
  }

  /** Its voice begins to be heard, or ceases to. */
  onVoice(audible: boolean): void {
    this.#floor[audible ? 'begin' : 'end'](AGENT_VOICE, this.#context.graph.clock.now());
  }

  /** Over whom the agent spoke. */
  overOf({ startedMs, endedMs }: Spoken): { readonly over?: readonly Overlap[] } {
    return this.#over(AGENT_VOICE, startedMs ?? 0, endedMs ?? 0);
  }

  /** The voice was given up: it does not go on for anybody. */
  settled(): void {
    this.#suspects.clear();
  }

  close(): void {
    this.speakers.close();
  }

  #listener(): Omit<EarsListener, 'onGone'> {
    const { mouth, isMuted } = this.#parts;
    return {
      onTurn: (ears, turn) => this.#onTurn(ears, turn),
      onEnding: (ears, turn) => this.#onEnding(ears, turn),
      onResumed: ({ id }) => this.#parts.onResumed(id),
      onSuspect: ({ id }) => {
        this.#suspects.add(id);
        if (this.#suspects.size === 1) mouth().pause(id);
      },
      onInterrupt: ({ id }) => {
        this.#interrupter = id;
        this.#parts.onInterrupt(id);
      },
      onFalseAlarm: ({ id }) => this.#clear(id),
      onSpeech: (ears, speaking, atMs) => this.#onSpeech(ears, speaking, atMs),
      hears: () => !isMuted(),
      mayInterrupt: ({ speaker }, text, startMs) => this.#attention.mayInterrupt(speaker, mouth(), text, startMs),
      under: (id) => this.#floor.under(id),
    };
  }

  #onSpeech({ id }: Ears, speaking: boolean, atMs: number): void {
    this.#floor[speaking ? 'begin' : 'end'](id, atMs);
    const over = speaking ? this.#floor.under(id) : [];
    this.#context.tell({ type: 'speech', speaker: id, speaking, over, atMs });
    if (!speaking) this.#parts.onQuiet();
  }

  #onTurn({ speaker }: Ears, said: Turn): void {
    // Ears count for themselves; in the log each turn has a number of its own.
    const turn = { ...said, id: ++this.#turns };
    const { id } = speaker;
    const { addressed, answered } = this.#attention.hear(speaker, turn.text, turn.voicedStartMs);
    const over = this.#over(id, turn.voicedStartMs, turn.voicedEndMs);
    this.#log.person(turn, { ...toldOf(speaker), addressed, ...over });
    this.#context.tell({ type: 'turn', turn, speaker: id, addressed });
    if (answered && !this.#parts.isMuted()) this.#parts.onAsked({ turn, speaker: id });
    else this.#parts.onResumed(id);
  }

  #onEnding({ speaker }: Ears, { text, rejected, voicedStartMs }: Turn): void {
    if (this.#parts.isMuted() || rejected || text === '') return;
    if (!this.#attention.judge(speaker, text, voicedStartMs).answered) return;
    this.#parts.onEnding({ text, ...toldOf(speaker) });
  }

  /** It was no interruption: the voice goes on when nobody else is suspected of one. */
  #clear(id: string): void {
    if (this.#suspects.delete(id) && this.#suspects.size === 0) this.#parts.mouth().resume();
  }

  #onGone({ id }: Ears): void {
    this.#floor.end(id, this.#context.graph.clock.now());
    this.#clear(id);
  }

  #over(id: string, fromMs: number, toMs: number): { readonly over?: readonly Overlap[] } {
    const over = this.#floor.overlaps(id, fromMs, toMs);
    return over.length === 0 ? {} : { over };
  }
}

function toldOf({ id, name }: Speaker): { readonly speaker: string; readonly speakerName?: string } {
  return { speaker: id, ...(name === undefined ? {} : { speakerName: name }) };
}
