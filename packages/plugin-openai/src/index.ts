// Models of OpenAI, and of services that speak as it does.

// What all of them take

export type { OpenAiOptions } from './access/open-ai-options.ts';

// A language model

export type { OpenAiChatSettings } from './chat/chat-settings.ts';
export { type OpenAiChatOptions, openaiChat } from './chat/openai-chat.ts';
export type { ChatUsage } from './chat/stream-reply.ts';

// A recogniser

export { type OpenAiTranscriptionOptions, openaiTranscription } from './transcription/openai-transcription.ts';
export type { OpenAiTranscriptionSettings } from './transcription/transcription-settings.ts';

// A synthesizer

export { type OpenAiSpeechOptions, openaiSpeech } from './speech/openai-speech.ts';
export type { OpenAiSpeechSettings } from './speech/speech-settings.ts';

// A speech model

export { openaiRealtime } from './realtime/openai-realtime.ts';
export type {
  OpenAiRealtimeOptions,
  OpenAiRealtimeSettings,
  RealtimeFormat,
  RealtimeTurns,
} from './realtime/realtime-options.ts';
