import { invalidArgument, outOfRange } from '@sluice/core';

/** What may change while it runs; holds from the next sentence. */
export interface OpenAiSpeechSettings {
  /** The model at the service. Default `gpt-4o-mini-tts`. */
  readonly model: string;
  /** Default `alloy`. */
  readonly voice: string;
  /** 0.25 to 4; some models pass over it. Default: not sent. */
  readonly speed: number | undefined;
  /** How it is to be said: `Calm and slow.` Default: not sent. */
  readonly instructions: string | undefined;
}

export function checkSpeechSettings({ model, voice, speed, instructions }: OpenAiSpeechSettings): void {
  for (const [name, value] of Object.entries({ model, voice }))
    if (typeof value !== 'string' || value === '') throw invalidArgument(`openaiSpeech.${name}`, 'a name', value);
  if (speed !== undefined && !(speed >= 0.25 && speed <= 4)) throw outOfRange('openaiSpeech.speed', '0.25 to 4', speed);
  if (instructions !== undefined && typeof instructions !== 'string')
    throw invalidArgument('openaiSpeech.instructions', 'a text', instructions);
}
