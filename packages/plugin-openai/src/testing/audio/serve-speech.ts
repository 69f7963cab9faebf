import { isVoiceModel, type Synthesizer } from '@sluice/core/voice';
import type { ServedRequest } from '@sluice/service/testing';
import { speakBy } from './speak-by.ts';
import type { SpeechScript, SpokenRequest } from './speech-script.ts';

/** Answers `POST /audio/speech` with samples as they are made. */
export async function serveSpeech(request: ServedRequest, script: SpeechScript): Promise<void> {
  const asked = request.json as SpokenRequest | undefined;
  const refuse = (message: string) => request.reply({ error: { message, type: 'invalid_request_error' } }, 400);
  if (typeof asked?.input !== 'string' || typeof asked.voice !== 'string')
    return refuse('input and voice are required');
  if (asked.input.length > 4_096) return refuse('input is longer than 4096 characters');
  if (asked.response_format !== 'pcm') return refuse('this server makes pcm only');
  const spoken = isVoiceModel(script, 'synthesizer')
    ? speakBy(script as Synthesizer<object>, asked.input, request.signal)
    : await (script as Exclude<SpeechScript, Synthesizer<object>>)(asked, request.signal);
  request.begin('audio/pcm');
  for await (const samples of spoken instanceof Int16Array ? [spoken] : spoken)
    await request.write(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  await request.end();
}
