import { type Micros, micros } from '@sluice/core';
import type { RecognizerEvent, Word } from '@sluice/core/voice';
import {
  eventsOf,
  fieldsOf,
  listOf,
  parseJson,
  readFault,
  requestService,
  type ServiceContext,
  type ServiceResponse,
  serviceError,
  textOf,
} from '@sluice/service';
import { type OpenAiAccess, openAiUrl } from '../access/open-ai-access.ts';
import { type OpenAiOptions, waitsOf } from '../access/open-ai-options.ts';
import type { HeardStretch } from './stretch.ts';
import { toWav } from './to-wav.ts';
import type { OpenAiTranscriptionSettings } from './transcription-settings.ts';

export interface StretchRequest {
  readonly access: OpenAiAccess;
  readonly options: OpenAiOptions;
  readonly settings: OpenAiTranscriptionSettings;
  /** Whether words have times; then nothing is streamed. */
  readonly words: boolean;
  readonly emit: (event: RecognizerEvent) => void;
}

/** Has one stretch of speech transcribed and tells it. Rejects with a `VoiceError`. */
export async function transcribeStretch(
  context: ServiceContext,
  stretch: HeardStretch & { readonly loud: { readonly start: Micros; readonly end: Micros } },
  request: StretchRequest,
): Promise<void> {
  const { access, options, emit } = request;
  const response = await requestService(context, {
    identity: access.identity,
    url: openAiUrl(options, 'audio/transcriptions'),
    headers: access.headers,
    body: formOf(stretch, request),
    ...waitsOf(options),
  });
  const streams = response.headers.get('content-type')?.includes('text/event-stream') === true;
  const said = streams ? await streamed(response, emit) : await response.json();
  const { text, words } = fieldsOf(said);
  if (typeof text !== 'string')
    throw serviceError({ ...access.identity, category: 'fall-back', message: 'it answered without a text' });
  const { start, end } = stretch.loud;
  emit({ type: 'final', text: text.trim(), words: wordsOf(words, stretch), start, end });
}

function formOf({ samples, sampleRate }: HeardStretch, { settings, words }: StretchRequest): FormData {
  const form = new FormData();
  const { model, language, prompt } = settings;
  form.set('model', model);
  if (language !== undefined) form.set('language', language);
  if (prompt !== undefined) form.set('prompt', prompt);
  form.set('response_format', words ? 'verbose_json' : 'json');
  if (words) form.set('timestamp_granularities[]', 'word');
  else form.set('stream', 'true');
  form.set('file', new Blob([toWav(samples, sampleRate)], { type: 'audio/wav' }), 'speech.wav');
  return form;
}

/** Tells deltas as they come. What the last event says is what holds. */
async function streamed(response: ServiceResponse, emit: (event: RecognizerEvent) => void): Promise<unknown> {
  const { identity } = response;
  let text = '';
  for await (const { data } of eventsOf(response)) {
    if (data === '[DONE]') continue;
    const event = fieldsOf(parseJson(identity, data));
    if (event.type === 'transcript.text.done') return event;
    if (event.error !== undefined && event.error !== null) {
      const { message = 'it broke off', code } = readFault(data);
      throw serviceError({ ...identity, status: 500, message, ...(code === undefined ? {} : { code }) });
    }
    if (event.type !== 'transcript.text.delta') continue;
    text += textOf(event.delta);
    if (text.trim() !== '') emit({ type: 'partial', text: text.trim(), words: [] });
  }
  throw serviceError({ ...identity, category: 'retry', message: 'the transcript ended in the middle' });
}

/** Times of the service are seconds from the first sample that was sent. */
function wordsOf(words: unknown, { origin, samples, sampleRate }: HeardStretch): readonly Word[] {
  const duration = (samples.length * 1_000_000) / sampleRate;
  let last = 0;
  return listOf(words).flatMap((entry) => {
    const { word, start, end } = fieldsOf(entry);
    if (typeof word !== 'string' || typeof start !== 'number' || typeof end !== 'number') return [];
    // Never behind the sound, never back in time: whisper says both at times.
    const from = Math.min(Math.max(last, Math.round(start * 1_000_000)), duration);
    const to = Math.min(Math.max(from, Math.round(end * 1_000_000)), duration);
    last = from;
    return [{ text: word.trim(), start: micros(origin + from), end: micros(origin + to) }];
  });
}
