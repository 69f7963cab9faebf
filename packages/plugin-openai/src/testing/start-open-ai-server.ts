// A service on this machine that speaks as OpenAI does, for tests and examples: it says what its script says, on the real
// wire format, and may go wrong.

import { type LocalFault, type LocalService, startService } from '@sluice/service/testing';
import type { ChatReply, ChatRequest } from './chat/chat-script.ts';
import { serveChat } from './chat/serve-chat.ts';

export interface OpenAiScript {
  /** What is said to a chat so far. Default: the last message again. The signal aborts when the client has gone. */
  readonly reply?: (request: ChatRequest, signal: AbortSignal) => ChatReply | Promise<ChatReply>;
  /** The only key that it takes. Default: any, or none. */
  readonly apiKey?: string;
  /** What goes wrong with the first requests, one each. */
  readonly faults?: readonly LocalFault[];
}

export interface OpenAiServer extends LocalService {
  /** For the option `baseUrl` of the models. */
  readonly baseUrl: string;
}

/** Starts it on a free port of the loopback interface. */
export async function startOpenAiServer(script: OpenAiScript = {}): Promise<OpenAiServer> {
  const { reply = ({ messages }) => String(messages.at(-1)?.content ?? ''), apiKey, faults = [] } = script;
  const service = await startService(
    {
      requests: { 'POST /v1/chat/completions': (request) => serveChat(request, reply) },
      ...(apiKey === undefined ? {} : { key: { header: 'authorization', value: `Bearer ${apiKey}` } }),
    },
    faults,
  );
  return { ...service, baseUrl: `${service.url}/v1` };
}
