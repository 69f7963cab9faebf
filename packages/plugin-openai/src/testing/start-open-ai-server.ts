// A service on this machine that speaks as OpenAI does, for tests and examples: it says what its script says, on the real
// wire format, and may go wrong.

import { checkKeys } from '@sluice/core';
import { type LocalFault, type LocalService, startService } from '@sluice/service/testing';
import { serveSpeech } from './audio/serve-speech.ts';
import { serveTranscription } from './audio/serve-transcription.ts';
import type { HeardRequest, SpeechScript, Transcript } from './audio/speech-script.ts';
import type { ChatReply, ChatRequest } from './chat/chat-script.ts';
import { serveChat } from './chat/serve-chat.ts';
import type { RealtimeScript } from './realtime/realtime-script.ts';
import type { RealtimeTalk } from './realtime/realtime-talk.ts';
import { realtimeSockets } from './realtime/serve-realtime.ts';

/** What the server of {@link startOpenAiServer} answers. */
export interface OpenAiScript {
  /** What is said to a chat so far. Default: the last message again. The signal aborts when the client has gone. */
  readonly reply?: (request: ChatRequest, signal: AbortSignal) => ChatReply | Promise<ChatReply>;
  /** What was said in a sound. Default: nothing. */
  readonly transcribe?: (heard: HeardRequest, signal: AbortSignal) => Transcript | Promise<Transcript>;
  /** What speaks. Default: a tone of 60 ms for each letter. */
  readonly speak?: SpeechScript;
  /** What it hears and says in Realtime sessions. */
  readonly realtime?: RealtimeScript;
  /** The only key that it takes. Default: any, or none. */
  readonly apiKey?: string;
  /** What goes wrong with the first requests, one each. */
  readonly faults?: readonly LocalFault[];
}

/** A server that speaks the wire formats of OpenAI, on loopback. */
export interface OpenAiServer extends LocalService {
  /** For the option `baseUrl` of the models. */
  readonly baseUrl: string;
  /** The Realtime sessions so far, in order: what their models believe was said. */
  readonly realtime: readonly RealtimeTalk[];
}

/** Starts it on a free port of the loopback interface. */
export async function startOpenAiServer(script: OpenAiScript = {}): Promise<OpenAiServer> {
  checkKeys<OpenAiScript>('startOpenAiServer', script, {
    reply: true,
    transcribe: true,
    speak: true,
    realtime: true,
    apiKey: true,
    faults: true,
  });
  const { reply = ({ messages }) => String(messages.at(-1)?.content ?? ''), transcribe = () => '' } = script;
  const { speak = ({ input }) => tone(input.length * 0.06), realtime = {}, apiKey, faults = [] } = script;
  const talks: RealtimeTalk[] = [];
  const service = await startService(
    {
      requests: {
        'POST /v1/chat/completions': (request) => serveChat(request, reply),
        'POST /v1/audio/transcriptions': (request) => serveTranscription(request, transcribe),
        'POST /v1/audio/speech': (request) => serveSpeech(request, speak),
      },
      sockets: { '/v1/realtime': realtimeSockets(realtime, talks) },
      ...(apiKey === undefined ? {} : { key: { header: 'authorization', value: `Bearer ${apiKey}` } }),
    },
    faults,
  );
  return { ...service, baseUrl: `${service.url}/v1`, realtime: talks };
}

/** 220 Hz at 24 kHz. */
function tone(seconds: number): Int16Array {
  const samples = new Int16Array(Math.round(seconds * 24_000));
  for (let index = 0; index < samples.length; index++)
    samples[index] = 8_000 * Math.sin((2 * Math.PI * 220 * index) / 24_000);
  return samples;
}
