import type { SpeechRequest, SynthesizerEvent } from '@sluice/core/voice';
import { requestService, type ServiceContext, type ServiceResponse, serviceError } from '@sluice/service';
import { type OpenAiAccess, openAiUrl } from '../access/open-ai-access.ts';
import { type OpenAiOptions, waitsOf } from '../access/open-ai-options.ts';
import { PcmPieces } from './pcm-pieces.ts';
import type { OpenAiSpeechSettings } from './speech-settings.ts';

/** Of `response_format: 'pcm'`: s16 little-endian, mono. */
export const SPEECH_RATE = 24_000;

/** How other formats begin: RIFF, Ogg, FLAC, ID3, JSON, and frames of MP3 and AAC. */
const FORMATS: readonly (readonly [name: string, begins: RegExp])[] = [
  ['WAV', /^RIFF/],
  ['Ogg', /^OggS/],
  ['FLAC', /^fLaC/],
  ['MP3', /^ID3/],
  ['text', /^(?:\{\s*"|\{\s{2}|<!|<ht)/],
];
const TYPES = /^(?:text\/|application\/json|audio\/(?:mpeg|mp3|aac|ogg|opus|flac|wav|x-wav|webm))/;

export interface SpeechStream {
  readonly access: OpenAiAccess;
  readonly options: OpenAiOptions;
  readonly settings: OpenAiSpeechSettings;
  readonly emit: (event: SynthesizerEvent) => void;
}

/** Has one text spoken and tells the sound as it comes. Rejects with a `VoiceError`. */
export async function streamSpeech(
  context: ServiceContext,
  request: SpeechRequest,
  stream: SpeechStream,
): Promise<void> {
  const { access, options, settings, emit } = stream;
  const { id, epoch, text } = request;
  const { model, voice, speed, instructions } = settings;
  const response = await requestService(context, {
    identity: access.identity,
    url: openAiUrl(options, 'audio/speech'),
    headers: { ...access.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model, voice, speed, instructions, input: text, response_format: 'pcm' }),
    // Ten minutes of it.
    mostBytes: SPEECH_RATE * 2 * 600,
    ...waitsOf(options),
  });
  refuseType(response);
  const pieces = new PcmPieces();
  let samplesSent = 0;
  const tell = (samples: Int16Array) => {
    samplesSent += samples.length;
    emit({ type: 'audio', id, epoch, samples, sampleRate: SPEECH_RATE, channels: 1 });
  };
  let begun = false;
  let head = new Uint8Array(0);
  for await (const piece of response) {
    if (begun) {
      for (const samples of pieces.add(piece)) tell(samples);
      continue;
    }
    // What it is shows in the first four bytes, which may come one by one.
    head = Buffer.concat([head, piece]);
    if (head.length < 4) continue;
    begun = true;
    refuseFormat(response, head);
    for (const samples of pieces.add(head)) tell(samples);
  }
  if (!begun) for (const samples of pieces.add(head)) tell(samples);
  for (const samples of pieces.end()) tell(samples);
  if (samplesSent > 0) return;
  throw serviceError({ ...access.identity, category: 'fall-back', message: 'it answered without a sound' });
}

function refuseType({ headers, identity }: ServiceResponse): void {
  const type = headers.get('content-type') ?? '';
  if (!TYPES.test(type)) return;
  throw serviceError({ ...identity, category: 'fall-back', message: `it sent ${type.slice(0, 40)} for PCM` });
}

function refuseFormat({ identity }: ServiceResponse, head: Uint8Array): void {
  const text = String.fromCharCode(...head.subarray(0, 4));
  const found = FORMATS.find(([, begins]) => begins.test(text));
  if (found !== undefined)
    throw serviceError({ ...identity, category: 'fall-back', message: `it sent ${found[0]} for PCM` });
}
