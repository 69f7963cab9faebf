import { invalidArgument, outOfRange } from '@sluice/core';

/** What may change while it runs; holds from the next request. */
export interface OpenAiChatSettings {
  /** The model at the service: `gpt-4.1-mini`. */
  readonly model: string;
  /** 0 to 2. Default: the service's. */
  readonly temperature: number | undefined;
  /** Of a reply, in tokens. Default: the service's bound. */
  readonly maxTokens: number | undefined;
  /**
   * Further fields of the request, as they are: `{ reasoning_effort: 'none', parallel_tool_calls: false }`. A field that is
   * `undefined` is left out, also one that is sent otherwise. Default: none.
   */
  readonly body: Readonly<Record<string, unknown>>;
}

export function checkChatSettings({ model, temperature, maxTokens, body }: OpenAiChatSettings): void {
  if (typeof model !== 'string' || model === '')
    throw invalidArgument('openaiChat.model', 'the name of a model', model);
  if (temperature !== undefined && !(temperature >= 0 && temperature <= 2))
    throw outOfRange('openaiChat.temperature', '0 to 2', temperature);
  if (maxTokens !== undefined && !(Number.isSafeInteger(maxTokens) && maxTokens > 0))
    throw outOfRange('openaiChat.maxTokens', 'an integer from 1', maxTokens);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidArgument('openaiChat.body', 'an object of fields', body);
}
