import type { ServedRequest } from '@sluice/service/testing';
import { readWav } from './read-wav.ts';
import type { HeardRequest, Transcript } from './speech-script.ts';

/** Answers `POST /audio/transcriptions`: as a whole, or by events where `stream` asks for them. */
export async function serveTranscription(
  request: ServedRequest,
  transcribe: (heard: HeardRequest, signal: AbortSignal) => Transcript | Promise<Transcript>,
): Promise<void> {
  const refuse = (message: string) => request.reply({ error: { message, type: 'invalid_request_error' } }, 400);
  const form = await formOf(request);
  const file = form?.get('file');
  const model = form?.get('model');
  if (!(file instanceof Blob) || typeof model !== 'string') return refuse('file and model are required');
  const sound = readWav(Buffer.from(await file.arrayBuffer()));
  if (sound === undefined) return refuse('the file could not be decoded');
  const fields = Object.fromEntries(
    [...form!].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const said = await transcribe({ ...sound, model, fields }, request.signal);
  const text = typeof said === 'string' ? said : said.text;
  // whisper-1 passes over `stream`.
  if (fields.stream === 'true' && model !== 'whisper-1') {
    const event = (value: { readonly type: string; readonly [field: string]: unknown }) =>
      request.write(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
    request.begin('text/event-stream; charset=utf-8');
    for (const delta of text.match(/\s*\S+/g) ?? []) await event({ type: 'transcript.text.delta', delta });
    await event({ type: 'transcript.text.done', text, usage: { type: 'tokens' } });
    return request.end();
  }
  if (fields.response_format !== 'verbose_json') return request.reply({ text });
  const duration = sound.samples.length / sound.sampleRate;
  const words = typeof said === 'string' ? spread(said, duration) : said.words;
  await request.reply({ task: 'transcribe', language: 'english', duration, text, words });
}

async function formOf({ body, headers }: ServedRequest): Promise<FormData | undefined> {
  const type = headers['content-type'];
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': String(type) } }).formData();
  } catch {
    return undefined;
  }
}

/** Words evenly over the sound. */
function spread(text: string, duration: number) {
  const words = text.match(/\S+/g) ?? [];
  const at = (index: number) => (duration * index) / words.length;
  return words.map((word, index) => ({ word, start: at(index), end: at(index + 1) }));
}
