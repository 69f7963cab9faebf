// A local server that speaks as OpenAI does, for tests and examples.

export { type HeardBy, heardBy } from './audio/heard-by.ts';
export type {
  HeardRequest,
  HeardSound,
  SpeechScript,
  SpokenReply,
  SpokenRequest,
  Transcript,
} from './audio/speech-script.ts';
export type { ChatCall, ChatReply, ChatRequest } from './chat/chat-script.ts';
export type { RealtimeFault, RealtimeItem, RealtimeReply, RealtimeScript } from './realtime/realtime-script.ts';
export type { RealtimeTalk } from './realtime/realtime-talk.ts';
export { spokenBy } from './realtime/spoken-by.ts';
export { type OpenAiScript, type OpenAiServer, startOpenAiServer } from './start-open-ai-server.ts';
