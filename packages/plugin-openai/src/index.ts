// Models of OpenAI, and of services that speak as it does.

// What all of them take

export type { OpenAiOptions } from './access/open-ai-options.ts';

// A language model

export type { OpenAiChatSettings } from './chat/chat-settings.ts';
export { type OpenAiChatOptions, openaiChat } from './chat/openai-chat.ts';
export type { ChatUsage } from './chat/stream-reply.ts';
