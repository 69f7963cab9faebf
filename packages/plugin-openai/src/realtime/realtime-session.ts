import type { SessionContext, SessionHandlers, SpeechModelEvent, SpeechModelItem, Tool } from '@sluice/core/voice';
import { inTime, type ServiceIdentity, type ServiceSocket, serviceError, textOf } from '@sluice/service';
import { HeardTime } from './heard-time.ts';
import { faultOf } from './realtime-fault.ts';
import type { OpenAiRealtimeSettings, RealtimeConfig } from './realtime-options.ts';
import { ReplyLedger } from './reply-ledger.ts';
import { itemsOf, PREFIX_MS, sessionOf, silenceOf } from './session-config.ts';
import type { WireError, WireEvent } from './wire-events.ts';
import { toWire } from './wire-sound.ts';

/** Below this the service takes what was said for nothing, in milliseconds. */
const LEAST_TURN_MS = 100;

type Context = SessionContext<SpeechModelEvent, OpenAiRealtimeSettings>;

/** A session with the service: what is written to it, and what it tells. */
export class RealtimeSession implements SessionHandlers<SpeechModelItem> {
  readonly #context: Context;
  readonly #config: RealtimeConfig;
  readonly #identity: ServiceIdentity;
  readonly #replies: ReplyLedger;
  readonly #time = new HeardTime();
  readonly #words = new Map<string, string>();
  #socket: ServiceSocket | undefined;
  #system: string | undefined;
  #tools: readonly Tool[] = [];
  /** Of what was said since the last turn, in milliseconds. */
  #unturned = 0;
  #count = 0;
  #created: (() => void) | undefined;
  #updated: (() => void) | undefined;
  /** Until it has begun: ends the beginning. */
  #refused: ((error: Error) => void) | undefined;

  constructor(context: Context, config: RealtimeConfig, identity: ServiceIdentity) {
    this.#context = context;
    this.#config = config;
    this.#identity = identity;
    this.#replies = new ReplyLedger(context, {
      config,
      identity,
      send: (event, purpose) => this.#send(event, purpose),
    });
  }

  /** Takes the connection and says what the session is to be. Rejects when the service does not agree. */
  async begin(connect: (onMessage: (event: unknown) => void) => Promise<ServiceSocket>): Promise<this> {
    const { firstByteMs = 10_000 } = this.#config;
    const late = () =>
      serviceError({ ...this.#identity, category: 'retry', message: `no session within ${firstByteMs} ms` });
    const created = new Promise<void>((resolve) => {
      this.#created = resolve;
    });
    const updated = new Promise<void>((resolve) => {
      this.#updated = resolve;
    });
    const refused = new Promise<never>((_, reject) => {
      this.#refused = reject;
    });
    this.#socket = await connect((event) => this.#read(event));
    try {
      await inTime(this.#context, firstByteMs, Promise.race([created, refused]), late);
      this.#configure();
      await inTime(this.#context, firstByteMs, Promise.race([updated, refused]), late);
      this.#refused = undefined;
    } catch (error) {
      await this.#socket.close();
      throw error;
    }
    return this;
  }

  /** The service does not go on with it. */
  readonly lost = (error: Error): void => {
    if (this.#refused === undefined) this.#context.fail(error);
    else this.#refused(error);
  };

  readonly write = (item: SpeechModelItem): void | Promise<void> => {
    switch (item.type) {
      case 'audio': {
        this.#time.sent(item.frame);
        this.#unturned += item.frame.duration / 1_000;
        return this.#send({
          type: 'input_audio_buffer.append',
          audio: toWire(item.frame.samples, this.#config.format),
        });
      }
      case 'brief':
        this.#system = item.system ?? this.#system;
        this.#tools = item.tools ?? this.#tools;
        this.#replies.system = this.#system;
        return this.#configure();
      case 'message':
        for (const one of itemsOf(item.message))
          void this.#send({ type: 'conversation.item.create', item: one }, 'line');
        return;
      case 'tool-result':
        return this.write({ type: 'message', message: { role: 'tool', callId: item.callId, text: item.text } });
      case 'turn-over':
        return this.#endTurn();
      case 'heard':
        return this.#replies.heard(item.id, item.heardMs);
      case 'respond':
        return this.#replies.ask(item);
    }
  };

  readonly flush = (): Promise<void> => this.#replies.idle();

  readonly onUpdate = (): void => this.#configure();

  readonly onCancel = (epoch: number): void => this.#replies.cancel(epoch);

  readonly close = (): Promise<void> | undefined => {
    this.#replies.close();
    return this.#socket?.close();
  };

  #configure(): void {
    const session = sessionOf(this.#config, this.#context.settings, this.#system, this.#tools);
    void this.#send({ type: 'session.update', session }, 'session');
  }

  #endTurn(): void {
    if (this.#unturned >= LEAST_TURN_MS) return void this.#send({ type: 'input_audio_buffer.commit' }, 'turn');
    this.#context.emit({ type: 'turn-over', turn: `empty-${++this.#count}` });
  }

  /** `purpose` stands in the event's id, so that an error says what it is about. */
  #send(event: object, purpose?: string): void | Promise<void> {
    return this.#socket?.send(purpose === undefined ? event : { event_id: `${purpose}-${++this.#count}`, ...event });
  }

  #read(message: unknown): void {
    // Its shape is the service's promise; what is missing where it is read is a fault of the service.
    const event = message as WireEvent;
    const { emit } = this.#context;
    switch (event?.type) {
      case 'session.created':
        return this.#created?.();
      case 'session.updated':
        return this.#updated?.();
      case 'error':
        return this.#failed(event.error);
      case 'input_audio_buffer.speech_started': {
        // Their time counts the sound before the first voiced sample as well.
        const at = this.#time.timeOf(event.audio_start_ms, PREFIX_MS);
        return emit({ type: 'speech', turn: event.item_id, speaking: true, at });
      }
      case 'input_audio_buffer.speech_stopped': {
        const at = this.#time.timeOf(event.audio_end_ms, -silenceOf(this.#config));
        return emit({ type: 'speech', turn: event.item_id, speaking: false, at });
      }
      case 'input_audio_buffer.committed':
        this.#unturned = 0;
        return emit({ type: 'turn-over', turn: event.item_id });
      case 'conversation.item.input_audio_transcription.delta': {
        const text = (this.#words.get(event.item_id) ?? '') + textOf(event.delta);
        this.#words.set(event.item_id, text);
        return emit({ type: 'transcript', turn: event.item_id, text, final: false });
      }
      case 'conversation.item.input_audio_transcription.completed':
        this.#words.delete(event.item_id);
        return emit({ type: 'transcript', turn: event.item_id, text: textOf(event.transcript).trim(), final: true });
      case 'conversation.item.input_audio_transcription.failed': {
        const text = this.#words.get(event.item_id) ?? '';
        this.#words.delete(event.item_id);
        return emit({ type: 'transcript', turn: event.item_id, text, final: true });
      }
      default:
        return this.#replies.read(event);
    }
  }

  #failed(error: WireError): void {
    const purpose = error.event_id?.split('-')[0];
    const fault = faultOf(this.#identity, error);
    switch (purpose) {
      case 'turn':
        // There was nothing that it could take for a turn.
        this.#unturned = 0;
        return this.#context.emit({ type: 'turn-over', turn: `empty-${++this.#count}` });
      case 'cancel':
      case 'cut':
      case 'line':
        // What it was to leave out or to learn is gone or known: nothing that a reply depends on.
        return;
      case 'session':
        return this.lost(fault);
      default:
        if (!this.#replies.failed(error.event_id ?? undefined, fault)) this.#lostBy(error, fault);
    }
  }

  /** Most errors leave a session as it is; these end it. */
  #lostBy({ code, type }: WireError, fault: Error): void {
    const ends = ['session_expired', 'invalid_api_key', 'insufficient_quota', 'model_not_found'];
    if (ends.includes(code ?? '') || type === 'session_expired' || type === 'authentication_error') this.lost(fault);
  }
}
