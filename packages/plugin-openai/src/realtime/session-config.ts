import type { Message, Tool } from '@sluice/core/voice';
import type { OpenAiRealtimeSettings, RealtimeConfig, RealtimeFormat } from './realtime-options.ts';

/** Sound before the first voiced sample that belongs to a turn, in milliseconds. */
export const PREFIX_MS = 300;

/** Hertz of a format. */
export function rateOf(format: RealtimeFormat): number {
  return format === 'audio/pcm' ? 24_000 : 8_000;
}

/** The silence that ends a turn, in milliseconds. Where a model judges it nobody knows: taken to be as long. */
export function silenceOf({ turns }: RealtimeConfig): number {
  if (turns.type === 'none') return 0;
  return turns.type === 'server_vad' ? (turns.silenceMs ?? 500) : 500;
}

/** `session` of `session.update`: replies are never made unasked, and never cut by the service. */
export function sessionOf(
  config: RealtimeConfig,
  { speed, maxOutputTokens }: OpenAiRealtimeSettings,
  system: string | undefined,
  tools: readonly Tool[],
): object {
  const { voice, format, transcription, language, noiseReduction } = config;
  const sound = format === 'audio/pcm' ? { type: format, rate: rateOf(format) } : { type: format };
  const words =
    transcription === false ? null : { model: transcription, ...(language === undefined ? {} : { language }) };
  return {
    type: 'realtime',
    output_modalities: ['audio'],
    ...(system === undefined ? {} : { instructions: system }),
    tools: tools.map(({ name, description, parameters }) => ({ type: 'function', name, description, parameters })),
    tool_choice: 'auto',
    max_output_tokens: maxOutputTokens,
    audio: {
      input: {
        format: sound,
        transcription: words,
        noise_reduction: noiseReduction === undefined ? null : { type: noiseReduction },
        turn_detection: detectionOf(config),
      },
      output: { format: sound, voice, speed },
    },
  };
}

function detectionOf({ turns }: RealtimeConfig): object | null {
  const unasked = { create_response: false, interrupt_response: false };
  switch (turns.type) {
    case 'none':
      return null;
    case 'semantic_vad':
      return { type: 'semantic_vad', eagerness: turns.eagerness ?? 'auto', ...unasked };
    case 'server_vad': {
      const { threshold = 0.5, silenceMs = 500 } = turns;
      const times = { threshold, prefix_padding_ms: PREFIX_MS, silence_duration_ms: silenceMs };
      return { type: 'server_vad', ...times, ...unasked };
    }
  }
}

/** The items of the conversation that a line stands for. The voice of the past cannot be given back, its words can. */
export function itemsOf(message: Message): object[] {
  switch (message.role) {
    case 'system':
      return [{ type: 'message', role: 'system', content: [{ type: 'input_text', text: message.text }] }];
    case 'user': {
      const text = message.name === undefined ? message.text : `${message.name}: ${message.text}`;
      return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }];
    }
    case 'tool':
      return [{ type: 'function_call_output', call_id: message.callId, output: message.text }];
    case 'assistant': {
      const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: message.text }] };
      const calls = (message.calls ?? []).map(({ callId, name, arguments: args }) => ({
        type: 'function_call',
        call_id: callId,
        name,
        arguments: JSON.stringify(args),
      }));
      return [...(message.text === '' ? [] : [said]), ...calls];
    }
  }
}
