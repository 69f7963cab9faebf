import type { LanguageModelEvent, ReplyRequest } from '@sluice/core/voice';
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
import { toChatMessages, toChatTools } from './chat-messages.ts';
import type { OpenAiChatSettings } from './chat-settings.ts';
import { ToolCallPieces } from './tool-call-pieces.ts';

/** Tokens of a reply, as the service counts them; 0 for what it did not tell. */
export interface ChatUsage {
  /** What it was asked: all messages, tools and instructions. */
  readonly promptTokens: number;
  /** Of these, how many it had at hand. */
  readonly cachedTokens: number;
  /** What it answered, calls of tools included. */
  readonly completionTokens: number;
}

export interface ReplyStream {
  readonly access: OpenAiAccess;
  readonly options: OpenAiOptions & { readonly usage?: boolean; readonly onUsage?: (usage: ChatUsage) => void };
  readonly settings: OpenAiChatSettings;
  readonly emit: (event: LanguageModelEvent) => void;
}

/** Of an answer that is no stream. */
const MOST_FAULT_BYTES = 64 * 1024;

/** Asks for one reply and tells its text as it comes, then its tool calls. Rejects with a `VoiceError`. */
export async function streamReply(context: ServiceContext, request: ReplyRequest, stream: ReplyStream): Promise<void> {
  const { access, options, emit } = stream;
  const { identity } = access;
  const { id, epoch } = request;
  const response = await requestService(context, {
    identity,
    url: openAiUrl(options, 'chat/completions'),
    headers: { ...access.headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(bodyOf(request, stream)),
    ...waitsOf(options),
  });
  if (response.headers.get('content-type')?.includes('json') === true) throw await noStream(stream, response);
  const calls = new ToolCallPieces(identity);
  let finish = '';
  let choices = 0;
  for await (const { data } of eventsOf(response)) {
    if (data === '[DONE]') {
      finish ||= 'stop';
      break;
    }
    const chunk = fieldsOf(parseJson(identity, data));
    if (chunk.error !== undefined && chunk.error !== null) throw streamFault(stream, data);
    tellUsage(stream, chunk.usage);
    // Chunks of usage, and of filters of some services, have no choice.
    const [choice] = listOf(chunk.choices);
    if (choice === undefined) continue;
    choices++;
    const { delta, finish_reason } = fieldsOf(choice);
    const { content, refusal, tool_calls } = fieldsOf(delta);
    const text = textOf(content) || textOf(refusal);
    if (text !== '') emit({ type: 'text', id, epoch, text });
    calls.add(tool_calls);
    finish = textOf(finish_reason) || finish;
  }
  const fault = faultOf(finish, choices);
  if (fault !== undefined) throw serviceError({ ...identity, ...fault });
  for (const call of calls.finish(id)) emit({ type: 'tool-call', id, epoch, ...call });
}

function bodyOf({ messages, tools = [] }: ReplyRequest, { settings, options }: ReplyStream): object {
  const { model, temperature, maxTokens, body } = settings;
  return {
    model,
    messages: toChatMessages(messages),
    stream: true,
    ...(options.usage === false ? {} : { stream_options: { include_usage: true } }),
    ...(tools.length === 0 ? {} : { tools: toChatTools(tools) }),
    temperature,
    max_completion_tokens: maxTokens,
    ...body,
  };
}

/** Whether a reply that has ended is none. */
function faultOf(finish: string, choices: number) {
  if (choices === 0)
    return { category: 'fall-back', message: 'it answered with no reply: is this Chat Completions?' } as const;
  if (finish === '') return { category: 'retry', message: 'the reply ended in the middle' } as const;
  if (finish === 'content_filter')
    return { category: 'give-up', message: 'a filter of it broke the reply off' } as const;
  return undefined;
}

/** Some services answer what is wrong with status 200. */
async function noStream({ access: { identity } }: ReplyStream, response: ServiceResponse) {
  const { message = 'a whole reply, or another thing', code } = readFault(await response.text(MOST_FAULT_BYTES));
  const said = `it answered with no stream: ${message}`;
  return serviceError({ ...identity, category: 'fall-back', message: said, ...(code === undefined ? {} : { code }) });
}

/** An error in the middle of a stream has no status. */
function streamFault({ access: { identity } }: ReplyStream, data: string) {
  const { message = 'it broke off', code } = readFault(data);
  const limited = code === 'rate_limit_exceeded' || code === 'insufficient_quota';
  const status = limited ? 429 : code === 'invalid_request_error' ? 400 : 500;
  return serviceError({ ...identity, status, message, ...(code === undefined ? {} : { code }) });
}

function tellUsage({ options: { onUsage } }: ReplyStream, usage: unknown): void {
  if (onUsage === undefined || typeof usage !== 'object' || usage === null) return;
  const { prompt_tokens, completion_tokens, prompt_tokens_details } = fieldsOf(usage);
  const count = (value: unknown) => (typeof value === 'number' ? value : 0);
  onUsage({
    promptTokens: count(prompt_tokens),
    cachedTokens: count(fieldsOf(prompt_tokens_details).cached_tokens),
    completionTokens: count(completion_tokens),
  });
}
