import { invalidArgument } from '@sluice/core';

/** What may change while it runs; holds from the next stretch. */
export interface OpenAiTranscriptionSettings {
  /** The model at the service: `gpt-4o-mini-transcribe`, `whisper-1`. */
  readonly model: string;
  /** As ISO 639-1: `en`. Default: the service finds out. */
  readonly language: string | undefined;
  /** Words that may come, or how the text before went. */
  readonly prompt: string | undefined;
}

export function checkTranscriptionSettings({ model, language, prompt }: OpenAiTranscriptionSettings): void {
  if (typeof model !== 'string' || model === '')
    throw invalidArgument('openaiTranscription.model', 'the name of a model', model);
  for (const [name, value] of Object.entries({ language, prompt }))
    if (value !== undefined && typeof value !== 'string')
      throw invalidArgument(`openaiTranscription.${name}`, 'a text', value);
}
