import type { ServedSocket } from '@sluice/service/testing';
import type { RealtimeFormat } from '../../realtime/realtime-options.ts';
import { WireSound } from '../../realtime/wire-sound.ts';
import type { RealtimeItem } from './realtime-script.ts';
import type { RealtimeWorld } from './realtime-world.ts';
import { ServedReplies, type ServedReply } from './served-replies.ts';
import { ServerVad, type ServerVadSettings } from './server-vad.ts';
import { TurnSound } from './turn-sound.ts';

interface Detection extends ServerVadSettings {
  readonly create_response?: boolean;
  readonly interrupt_response?: boolean;
}
interface Update {
  readonly instructions?: string;
  readonly audio?: {
    readonly input?: {
      readonly format?: { readonly type: RealtimeFormat };
      readonly turn_detection?: Detection | null;
    };
    readonly output?: { readonly format?: { readonly type: RealtimeFormat } };
  };
}
interface AskedItem {
  readonly type?: RealtimeItem['type'];
  readonly role?: 'system' | 'user' | 'assistant';
  readonly content?: readonly { readonly text?: string }[];
  readonly call_id?: string;
  readonly name?: string;
  readonly output?: string;
}
interface Asked {
  readonly event_id?: string;
  readonly type?: string;
  readonly session?: Update;
  readonly audio?: string;
  readonly item?: AskedItem;
  readonly item_id?: string;
  readonly audio_end_ms?: number;
  readonly response_id?: string;
  readonly response?: { readonly instructions?: string; readonly metadata?: object };
}

/** What the service calls too little for a turn, in milliseconds. */
const LEAST_TURN_MS = 100;

/** A session of the local server: what its model believes was said, and what it was told to leave out. */
export class RealtimeTalk {
  readonly items: RealtimeItem[] = [];
  /** Replies that were cancelled, by the id that was given as `metadata.sluice`. */
  readonly cancelled: string[] = [];
  /** What was cut, and how long it was. */
  readonly truncated: { readonly item: string; readonly audioEndMs: number; readonly ofMs: number }[] = [];
  readonly deleted: string[] = [];
  /** Errors that it told. */
  readonly errors: string[] = [];
  readonly #socket: ServedSocket;
  readonly #world: RealtimeWorld;
  readonly #replies: ServedReplies;
  readonly #vad: ServerVad;
  readonly #turnSound = new TurnSound();
  #hearing: Promise<void> = Promise.resolve();
  #sound = new WireSound('audio/pcm');
  #rate = 24_000;
  #detection: Detection | null = {};
  #bufferedMs = 0;
  #turn: string | undefined;
  #count = 0;

  constructor(socket: ServedSocket, world: RealtimeWorld) {
    this.#socket = socket;
    this.#world = world;
    this.#replies = new ServedReplies(this.items, world, {
      send: (event) => this.send(event),
      raw: (message) => socket.send(message),
      // What was told before it goes out first.
      close: (code, reason) => void setImmediate(() => socket.close(code, reason)),
      id: (prefix) => this.#id(prefix),
      heard: () => this.#hearing,
    });
    this.#vad = new ServerVad({
      onStart: (audio_start_ms) => {
        this.#turn = this.#id('item');
        this.#turnSound.from(audio_start_ms);
        this.send({ type: 'input_audio_buffer.speech_started', audio_start_ms, item_id: this.#turn });
        if (this.#detection?.interrupt_response !== false) this.#replies.cancel('turn_detected');
      },
      onStop: (audio_end_ms) => {
        this.send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms, item_id: this.#turn });
        this.#commit();
        if (this.#detection?.create_response !== false) this.#replies.create({});
      },
    });
    this.#vad.settings = {};
    socket.onMessage((message) => this.#read(message as Asked));
    socket.onClose(() => this.#replies.cancel('client_cancelled'));
    this.send({ type: 'session.created', session: { id: this.#id('sess'), type: 'realtime' } });
    this.send({ type: 'rate_limits.updated', rate_limits: [] });
  }

  send(event: object): void {
    void this.#socket.send({ event_id: this.#id('event'), ...event });
  }

  #read(asked: Asked): void {
    switch (asked.type) {
      case 'session.update':
        return this.#update(asked.session ?? {});
      case 'input_audio_buffer.append':
        return this.#hear(this.#sound.read(asked.audio ?? ''));
      case 'input_audio_buffer.commit':
        if (this.#bufferedMs >= LEAST_TURN_MS) return this.#commit();
        return this.#refuse(asked, 'input_audio_buffer_commit_empty', 'the buffer holds less than 100 ms');
      case 'conversation.item.create':
        return this.#create(asked.item ?? {});
      case 'conversation.item.truncate':
        return this.#truncate(asked);
      case 'conversation.item.delete':
        return this.#delete(asked);
      case 'response.create':
        if (this.#replies.active !== undefined)
          return this.#refuse(asked, 'conversation_already_has_active_response', 'a response is under way');
        return this.#replies.create({ ...asked.response, ...(asked.event_id && { event_id: asked.event_id }) });
      case 'response.cancel':
        return this.#cancel(asked);
      default:
        return this.#refuse(asked, 'invalid_value', `there is no event ${asked.type}`);
    }
  }

  #update({ audio }: Update): void {
    const { format, turn_detection: detection } = audio?.input ?? {};
    if (format !== undefined) {
      this.#sound = new WireSound(format.type);
      this.#rate = format.type === 'audio/pcm' ? 24_000 : 8_000;
    }
    if (detection !== undefined) {
      this.#detection = detection;
      this.#vad.settings = detection ?? undefined;
    }
    if (audio?.output?.format !== undefined) this.#replies.format = audio.output.format.type;
    this.send({ type: 'session.updated', session: { type: 'realtime' } });
  }

  #hear(samples: Int16Array): void {
    this.#bufferedMs += (samples.length * 1_000) / this.#rate;
    this.#turnSound.add(samples, this.#rate);
    this.#vad.read(samples, this.#rate);
  }

  #commit(): void {
    const id = this.#turn ?? this.#id('item');
    const said = this.#world.words({ samples: this.#turnSound.take(), sampleRate: this.#rate });
    this.#turn = undefined;
    this.#vad.reset();
    const audioMs = this.#bufferedMs;
    this.#bufferedMs = 0;
    this.send({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id: null });
    const item: RealtimeItem = { id, type: 'message', role: 'user', text: '', audioMs };
    this.#add(item);
    if (typeof said === 'string') return this.#understand(item, said);
    this.#hearing = said.catch(() => '').then((text) => this.#understand(item, text));
  }

  #understand(item: RealtimeItem, text: string): void {
    const { id } = item;
    item.text = text;
    const about = { item_id: id, content_index: 0 };
    const event = 'conversation.item.input_audio_transcription';
    for (const delta of text.match(/\S+\s*/g) ?? []) this.send({ type: `${event}.delta`, ...about, delta });
    this.send({ type: `${event}.completed`, ...about, transcript: text, usage: { type: 'duration', seconds: 1 } });
  }

  #create({ type = 'message', role, content = [], call_id: callId, name, output = '' }: AskedItem): void {
    const text = output + content.map((part) => part.text ?? '').join('');
    const more = { ...(role && { role }), ...(callId && { callId }), ...(name && { name }) };
    this.#add({ id: this.#id('item'), type, text, ...more });
  }

  #add(item: RealtimeItem): void {
    this.items.push(item);
    this.send({ type: 'conversation.item.added', item: { id: item.id, type: item.type, role: item.role } });
    this.send({ type: 'conversation.item.done', item: { id: item.id, type: item.type, role: item.role } });
  }

  #truncate(asked: Asked): void {
    const item = this.items.find(({ id, role }) => id === asked.item_id && role === 'assistant');
    const { audio_end_ms: end = 0 } = asked;
    if (item?.audioMs === undefined)
      return this.#refuse(asked, 'item_truncate_invalid_item_id', 'there is no such item');
    if (end > item.audioMs)
      return this.#refuse(
        asked,
        'invalid_value',
        `audio content of ${item.audioMs} ms is already shorter than ${end} ms`,
      );
    this.truncated.push({ item: item.id, audioEndMs: end, ofMs: item.audioMs });
    item.audioMs = end;
    item.text = '';
    this.send({ type: 'conversation.item.truncated', item_id: item.id, content_index: 0, audio_end_ms: end });
  }

  #delete(asked: Asked): void {
    const index = this.items.findIndex(({ id }) => id === asked.item_id);
    if (index < 0) return this.#refuse(asked, 'item_delete_invalid_item_id', 'there is no such item');
    this.items.splice(index, 1);
    this.deleted.push(asked.item_id!);
    this.send({ type: 'conversation.item.deleted', item_id: asked.item_id });
  }

  #cancel(asked: Asked): void {
    const active: ServedReply | undefined = this.#replies.active;
    if (active === undefined || (asked.response_id ?? active.id) !== active.id)
      return this.#refuse(asked, 'response_cancel_not_active', 'no response is under way');
    this.cancelled.push(active.name);
    this.#replies.cancel('client_cancelled');
  }

  #refuse({ event_id }: Asked, code: string, message: string): void {
    this.errors.push(code);
    this.send({ type: 'error', error: { type: 'invalid_request_error', code, message, event_id: event_id ?? null } });
  }

  #id(prefix: string): string {
    return `${prefix}_${++this.#count}`;
  }
}
