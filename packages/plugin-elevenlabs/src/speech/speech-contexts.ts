// The messages of `multi-stream-input`: a context for each request. No socket.

import type { SpeechRequest } from '@sluice/core/voice';
import { fieldsOf, type ServiceIdentity, type SpeechNews, serviceError, textOf } from '@sluice/service';
import { saidError } from '../access/eleven-labs-options.ts';
import { AlignedWords, type Alignment } from './aligned-words.ts';

/** What is said about one request after the other, and what is understood of the answers. */
export class SpeechContexts {
  readonly #identity: ServiceIdentity;
  readonly #voiceSettings: () => object;
  #context = '';
  #words = new AlignedWords('');

  constructor(identity: ServiceIdentity, voiceSettings: () => object) {
    this.#identity = identity;
    this.#voiceSettings = voiceSettings;
  }

  ask({ text }: SpeechRequest, number: number): object[] {
    this.#context = `request-${number}`;
    this.#words = new AlignedWords(text);
    return [
      { text: ' ', voice_settings: this.#voiceSettings(), context_id: this.#context },
      // The service wants a text to end with a space.
      { text: `${text} `, context_id: this.#context, flush: true },
      // It speaks what was flushed to its end, and says when that is.
      { context_id: this.#context, close_context: true },
    ];
  }

  read(message: unknown, heardMs: number): SpeechNews[] {
    if (message instanceof Uint8Array)
      throw serviceError({ ...this.#identity, category: 'fall-back', message: 'it sent bytes for a message' });
    const { audio, alignment, error, message: said, ...rest } = fieldsOf(message);
    if (typeof error === 'string') throw saidError(this.#identity, error, textOf(said));
    if ((rest.contextId ?? rest.context_id) !== this.#context) return [];
    const news: SpeechNews[] = [];
    if (typeof audio === 'string' && audio !== '') news.push({ type: 'audio', bytes: Buffer.from(audio, 'base64') });
    if (isAlignment(alignment))
      for (const word of this.#words.take(alignment, heardMs)) news.push({ type: 'word', ...word });
    if (rest.isFinal !== true && rest.is_final !== true) return news;
    for (const word of this.#words.rest()) news.push({ type: 'word', ...word });
    return [...news, { type: 'finished' }];
  }
}

function isAlignment(value: unknown): value is Alignment {
  const { chars, charStartTimesMs, charDurationsMs } = fieldsOf(value);
  const isListOf = (list: unknown, kind: string) => Array.isArray(list) && list.every((one) => typeof one === kind);
  return isListOf(chars, 'string') && [charStartTimesMs, charDurationsMs].every((list) => isListOf(list, 'number'));
}
