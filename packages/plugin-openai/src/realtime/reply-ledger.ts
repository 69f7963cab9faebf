import type { SessionContext, SpeechModelEvent, SpeechReplyRequest } from '@sluice/core/voice';
import { type ServiceIdentity, serviceError, textOf } from '@sluice/service';
import { faultOf } from './realtime-fault.ts';
import type { RealtimeConfig } from './realtime-options.ts';
import { ReplyRecord } from './reply-record.ts';
import { ReplyWatch } from './reply-watch.ts';
import { rateOf } from './session-config.ts';
import type { WireEvent, WireItem, WireResponse } from './wire-events.ts';
import { WireSound } from './wire-sound.ts';

/** Replies of which something may still have to be corrected. */
const MOST_KEPT = 64;

export interface ReplyLedgerParts {
  readonly config: RealtimeConfig;
  readonly identity: ServiceIdentity;
  readonly send: (event: object, purpose: string) => void | Promise<void>;
}

/** The replies of a session: asked for one at a time, cancelled, and corrected to what was heard. */
export class ReplyLedger {
  /** What instructions for one reply stand beside. */
  system: string | undefined;
  readonly #context: SessionContext<SpeechModelEvent, unknown>;
  readonly #parts: ReplyLedgerParts;
  readonly #waiting: SpeechReplyRequest[] = [];
  readonly #records = new Map<string, ReplyRecord>();
  #active: ReplyRecord | undefined;
  #watch: ReplyWatch | undefined;
  #sound: WireSound;
  #idle: (() => void)[] = [];

  constructor(context: SessionContext<SpeechModelEvent, unknown>, parts: ReplyLedgerParts) {
    this.#context = context;
    this.#parts = parts;
    this.#sound = new WireSound(parts.config.format);
  }

  ask(request: SpeechReplyRequest): void {
    this.#waiting.push(request);
    this.#next();
  }

  cancel(epoch: number): void {
    for (let index = this.#waiting.length - 1; index >= 0; index--)
      if (this.#waiting[index]!.epoch < epoch) this.#waiting.splice(index, 1);
    const active = this.#active;
    if (active === undefined || active.cancelled || active.request.epoch >= epoch) return;
    active.cancelled = true;
    this.#cancelAtService(active);
  }

  heard(id: string, ms: number): void {
    const record = this.#records.get(id);
    record?.heard(ms);
    if (record !== undefined) this.#correct(record);
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    if (this.#active === undefined && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    this.#waiting.length = 0;
    this.#over();
  }

  read(event: WireEvent): void {
    switch (event?.type) {
      case 'response.created':
        return this.#begun(event.response);
      case 'response.output_item.added':
      case 'response.output_item.done':
        return this.#item(event.response_id, event.item, event.type.endsWith('done'));
      case 'response.output_audio.delta':
        return this.#heardSound(event.response_id, event.item_id, event.delta);
      case 'response.output_audio_transcript.delta':
        return this.#tell(event.response_id, { type: 'text', text: textOf(event.delta) });
      case 'response.done':
        return this.#done(event.response);
    }
  }

  /** An error about an event of ours. False if it is about no reply. */
  failed(eventId: string | undefined, fault: Error): boolean {
    const active = this.#active;
    if (active === undefined || active.response !== undefined || eventId === undefined) return false;
    if (!eventId.startsWith('reply-')) return false;
    this.#end(active, { type: 'failed', error: fault });
    return true;
  }

  #next(): void {
    if (this.#active !== undefined) return;
    const request = this.#waiting.shift();
    if (request === undefined) {
      for (const resolve of this.#idle.splice(0)) resolve();
      return;
    }
    const record = new ReplyRecord(request);
    this.#active = record;
    this.#sound = new WireSound(this.#parts.config.format);
    this.#records.set(request.id, record);
    if (this.#records.size > MOST_KEPT) this.#records.delete(this.#records.keys().next().value!);
    const { firstByteMs = 10_000, silenceMs = 10_000 } = this.#parts.config;
    this.#watch = new ReplyWatch(this.#context, firstByteMs, silenceMs, (ms) => this.#silent(record, ms));
    const { instructions } = request;
    const own = [this.system, instructions].filter((text) => text !== undefined).join('\n\n');
    const response = { metadata: { sluice: request.id }, ...(instructions === undefined ? {} : { instructions: own }) };
    void this.#parts.send({ type: 'response.create', response }, 'reply');
  }

  #begun({ id }: WireResponse): void {
    const active = this.#active;
    if (active === undefined || active.response !== undefined) return;
    active.response = id;
    this.#watch?.sign();
    if (active.cancelled) return this.#cancelAtService(active);
    this.#tell(id, { type: 'reply-started' });
  }

  #item(response: string, item: WireItem, isDone: boolean): void {
    const active = this.#of(response);
    if (active === undefined) return;
    if (item.type === 'message') active.item(item.id);
    if (item.type === 'function_call' && isDone) this.#call(active, item);
  }

  #call(active: ReplyRecord, { call_id: callId = '', name = '', arguments: text = '{}' }: WireItem): void {
    if (active.called.has(callId)) return;
    active.called.add(callId);
    let given: unknown;
    try {
      given = JSON.parse(text === '' ? '{}' : text);
    } catch {
      given = undefined;
    }
    if (typeof given === 'object' && given !== null && !Array.isArray(given))
      return this.#tell(active.response!, {
        type: 'tool-call',
        callId,
        name,
        arguments: given as Record<string, unknown>,
      });
    const message = `it calls ${name} with what is no object of arguments`;
    const fault = serviceError({ ...this.#parts.identity, category: 'retry', message });
    this.#emit(active, { type: 'failed', error: fault });
    active.cancelled = true;
    this.#cancelAtService(active);
  }

  #heardSound(response: string, item: string, delta: string): void {
    const active = this.#of(response);
    if (active === undefined) return;
    const samples = this.#sound.read(delta);
    if (samples.length === 0) return;
    const sampleRate = rateOf(this.#parts.config.format);
    active.sound(item, (samples.length * 1_000) / sampleRate);
    this.#emit(active, { type: 'audio', samples, sampleRate, channels: 1 });
  }

  #done(response: WireResponse): void {
    const active = this.#of(response.id);
    if (active === undefined) return;
    for (const item of response.output ?? []) if (item.type === 'function_call') this.#call(active, item);
    const { status = 'completed', status_details: details } = response;
    if (status === 'completed') return this.#end(active, { type: 'finished' });
    // What was said up to a limit was said.
    if (status === 'incomplete' && active.audioMs > 0) return this.#end(active, { type: 'finished' });
    const said = details?.error ?? { code: details?.reason ?? status, message: `the reply is ${status}` };
    const fault = faultOf(this.#parts.identity, { type: status === 'cancelled' ? 'server_error' : '', ...said });
    this.#end(active, { type: 'failed', error: fault });
  }

  /** Nothing came for too long: it is given up here, and at the service. */
  #silent(record: ReplyRecord, ms: number): void {
    const fault = serviceError({ ...this.#parts.identity, category: 'retry', message: `nothing came for ${ms} ms` });
    // Whether it still works on the reply nobody knows: another cannot be asked for in this session.
    if (record === this.#active) this.#context.fail(fault);
  }

  #end(active: ReplyRecord, event: { type: 'finished' } | { type: 'failed'; error: Error }): void {
    active.done = true;
    if (!active.cancelled) this.#emit(active, event);
    this.#correct(active);
    this.#over();
    this.#next();
  }

  #over(): void {
    this.#active = undefined;
    this.#watch?.end();
    this.#watch = undefined;
    if (this.#waiting.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #cancelAtService({ response }: ReplyRecord): void {
    if (response !== undefined) void this.#parts.send({ type: 'response.cancel', response_id: response }, 'cancel');
  }

  #correct(record: ReplyRecord): void {
    for (const correction of record.corrections()) void this.#parts.send(correction, 'cut');
  }

  #of(response: string): ReplyRecord | undefined {
    if (this.#active?.response !== response) return undefined;
    this.#watch?.sign();
    return this.#active;
  }

  #tell(response: string, event: Told): void {
    const active = this.#of(response);
    if (active !== undefined) this.#emit(active, event);
  }

  #emit({ request: { id, epoch }, cancelled }: ReplyRecord, event: Told): void {
    if (!cancelled) this.#context.emit({ id, epoch, ...event });
  }
}

/** What a reply tells, without whose it is. */
type Told = SpeechModelEvent extends infer E
  ? E extends { readonly id: string }
    ? Omit<E, 'id' | 'epoch'>
    : never
  : never;
