import type { RealtimeFormat } from '../../realtime/realtime-options.ts';
import { toWire } from '../../realtime/wire-sound.ts';
import type { RealtimeItem } from './realtime-script.ts';
import type { RealtimeWorld } from './realtime-world.ts';

/** Of the sound that a piece of a reply carries, in milliseconds. */
const PIECE_MS = 100;
const SAMPLE_RATE = 24_000;
/** More pieces than anybody lets wait, of so many milliseconds. */
const FLOOD = 12_000;
const FLOOD_MS = 10;

export interface ServedReply {
  readonly id: string;
  /** As the client calls it. */
  readonly name: string;
  readonly cancelled: AbortSignal;
}

export interface ServedRepliesParts {
  readonly send: (event: object) => void;
  readonly raw: (message: Uint8Array) => Promise<void>;
  readonly close: (code: number, reason: string) => void;
  readonly id: (prefix: string) => string;
  /** Resolves when what was said is known in words. */
  readonly heard: () => Promise<void>;
}

export interface ServedRequestOptions {
  readonly event_id?: string;
  readonly instructions?: string;
  readonly metadata?: object;
}

/** Gives the replies of a session, one at a time, in the events of the service. */
export class ServedReplies {
  format: RealtimeFormat = 'audio/pcm';
  readonly #items: RealtimeItem[];
  readonly #world: RealtimeWorld;
  readonly #parts: ServedRepliesParts;
  #active: (ServedReply & { readonly abort: AbortController }) | undefined;

  constructor(items: RealtimeItem[], world: RealtimeWorld, parts: ServedRepliesParts) {
    this.#items = items;
    this.#world = world;
    this.#parts = parts;
  }

  get active(): ServedReply | undefined {
    return this.#active;
  }

  create({ event_id = '', instructions, metadata = {} }: ServedRequestOptions): void {
    const { id, send, close } = this.#parts;
    const fault = this.#world.fault();
    if (fault === 'error')
      return send({
        type: 'error',
        error: { type: 'server_error', code: null, message: 'it had a problem', event_id },
      });
    if (fault === 'expired') {
      const message = 'Your session hit the maximum duration of 60 minutes.';
      send({
        type: 'error',
        error: { type: 'invalid_request_error', code: 'session_expired', message, event_id: null },
      });
      return close(1001, 'session expired');
    }
    const abort = new AbortController();
    const response = id('resp');
    const name = String((metadata as { sluice?: unknown }).sluice ?? response);
    const reply = { id: response, name, abort, cancelled: abort.signal };
    this.#active = reply;
    send({ type: 'response.created', response: { id: response, status: 'in_progress', metadata, output: [] } });
    void this.#give(reply, fault, instructions);
  }

  cancel(reason: 'client_cancelled' | 'turn_detected'): void {
    const active = this.#active;
    if (active === undefined) return;
    active.abort.abort();
    this.#done(active, 'cancelled', { type: 'cancelled', reason });
  }

  async #give(reply: ServedReply, fault: string | undefined, instructions: string | undefined): Promise<void> {
    const { send, id } = this.#parts;
    const { script } = this.#world;
    await this.#pause(fault === 'slow' ? (script.slowMs ?? 300) : 0, reply);
    if (reply.cancelled.aborted) return;
    if (fault === 'failed')
      return this.#done(reply, 'failed', { error: { type: 'server_error', code: 'server_error' } });
    if (fault === 'wrong-format') return void this.#parts.raw(Uint8Array.of(1, 2, 3));
    await this.#parts.heard();
    if (reply.cancelled.aborted) return;
    if (fault === 'unknown') send({ type: 'response.mood.delta', response_id: reply.id, delta: 'cheerful' });
    const said = this.#world.reply(this.#items, instructions);
    const { text = '', call } = typeof said === 'string' ? { text: said, call: undefined } : said;
    if (text !== '' && !(await this.#say(reply, text, fault))) return;
    if (call !== undefined) {
      const args = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
      const item = {
        id: id('item'),
        type: 'function_call',
        call_id: id('call'),
        name: call.name,
        arguments: args,
      } as const;
      this.#items.push({ id: item.id, type: item.type, text: args, callId: item.call_id, name: item.name });
      const about = { response_id: reply.id, output_index: 1 };
      send({ type: 'response.output_item.added', ...about, item: { ...item, arguments: '' } });
      send({
        type: 'response.function_call_arguments.done',
        ...about,
        item_id: item.id,
        call_id: item.call_id,
        arguments: args,
      });
      send({ type: 'response.output_item.done', ...about, item });
    }
    this.#done(reply, 'completed');
  }

  /** Says a text. False if it was left off there. */
  async #say(reply: ServedReply, text: string, fault: string | undefined): Promise<boolean> {
    const { send, id, close } = this.#parts;
    const samples = this.#encodable(await this.#world.voice(text));
    if (reply.cancelled.aborted) return false;
    const item: RealtimeItem = { id: id('item'), type: 'message', role: 'assistant', text: '', audioMs: 0 };
    this.#items.push(item);
    const wire = { id: item.id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    const about = { response_id: reply.id, item_id: item.id, output_index: 0, content_index: 0 };
    send({ type: 'response.output_item.added', response_id: reply.id, output_index: 0, item: wire });
    send({ type: 'conversation.item.added', item: wire });
    const rate = this.format === 'audio/pcm' ? SAMPLE_RATE : 8_000;
    const words = text.match(/\S+\s*/g) ?? [];
    const length = (rate * (fault === 'flood' ? FLOOD_MS : PIECE_MS)) / 1_000;
    const pieces = fault === 'flood' ? FLOOD : Math.ceil(samples.length / length);
    for (let piece = 0; piece < pieces; piece++) {
      await this.#pause(this.#world.script.pieceMs ?? 0, reply);
      if (reply.cancelled.aborted) return false;
      if (piece >= pieces / 2 && fault === 'half') return false;
      if (piece >= pieces / 2 && fault === 'close') {
        close(1011, 'internal error');
        return false;
      }
      // Its words are told as fast as they sound.
      for (const delta of words.splice(0, Math.ceil(words.length / (pieces - piece)))) {
        item.text += delta;
        send({ type: 'response.output_audio_transcript.delta', ...about, delta });
      }
      const part = samples.subarray((piece * length) % samples.length).subarray(0, length);
      item.audioMs! += (part.length * 1_000) / rate;
      send({ type: 'response.output_audio.delta', ...about, delta: toWire(part, this.format) });
    }
    send({ type: 'response.output_audio.done', ...about });
    send({ type: 'response.output_audio_transcript.done', ...about, transcript: text });
    send({
      type: 'response.output_item.done',
      response_id: reply.id,
      output_index: 0,
      item: { ...wire, status: 'completed' },
    });
    send({ type: 'conversation.item.done', item: { ...wire, status: 'completed' } });
    return true;
  }

  #encodable(samples: Int16Array): Int16Array {
    // G.711 here is a third of the samples: what a telephone would do with a filter is not what is tested.
    return this.format === 'audio/pcm' ? samples : samples.filter((_, i) => i % 3 === 0);
  }

  #done(reply: ServedReply, status: string, status_details: object | null = null): void {
    if (this.#active?.id !== reply.id) return;
    this.#active = undefined;
    this.#parts.send({ type: 'response.done', response: { id: reply.id, status, status_details, output: [] } });
  }

  #pause(ms: number, { cancelled }: ServedReply): Promise<void> {
    if (ms === 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        cancelled.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      cancelled.addEventListener('abort', end);
    });
  }
}
