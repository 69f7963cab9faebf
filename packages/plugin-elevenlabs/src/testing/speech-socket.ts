// ElevenLabs on loopback, for tests and examples: its wire formats with any models behind them. Nothing for a call.

import type { SynthesizerEvent, SynthesizerSession } from '@sluice/core/voice';
import type { ServedSocket } from '@sluice/service/testing';

/** A message of the client, as far as it matters here. */
interface ClientMessage {
  readonly text?: string;
  readonly context_id?: string;
  readonly flush?: boolean;
  readonly close_context?: boolean;
  readonly close_socket?: boolean;
}

/** A request of the synthesizer on its way into messages. */
interface Context {
  readonly id: string;
  text: string;
  asked: string;
  samples: number;
  isClosing: boolean;
  isSpoken: boolean;
  words: { readonly from: number; readonly to: number; readonly startMs: number; readonly endMs: number }[];
}

/**
 * `multi-stream-input`: any synthesizer's sound as base64, with the times of the characters of each piece, counted from the
 * piece. A context that was flushed is spoken to its end, also when it is closed before; then `isFinal` ends it.
 */
export function serveSpeech(socket: ServedSocket, session: SynthesizerSession): (message: unknown) => void {
  const contexts = new Map<string, Context>();

  function opened(id: string): Context {
    const known = contexts.get(id);
    if (known !== undefined) return known;
    const context: Context = {
      id,
      text: '',
      asked: '',
      samples: 0,
      isClosing: false,
      isSpoken: true,
      words: [],
    };
    contexts.set(id, context);
    return context;
  }

  function end({ id }: Context): void {
    contexts.delete(id);
    void socket.send({ isFinal: true, contextId: id });
  }

  function tell(event: SynthesizerEvent): void {
    const context = contexts.get(event.id);
    if (context === undefined) return;
    if (event.type === 'word') context.words.push(event);
    else if (event.type === 'audio') {
      const { samples, sampleRate } = event;
      const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
      const startMs = (context.samples * 1_000) / sampleRate;
      context.samples += samples.length;
      const alignment = alignmentOf(context, startMs, (context.samples * 1_000) / sampleRate);
      void socket.send({
        audio: bytes.toString('base64'),
        alignment,
        normalizedAlignment: alignment,
        contextId: context.id,
      });
    } else {
      context.isSpoken = true;
      if (context.isClosing) end(context);
    }
  }

  void (async () => {
    for await (const event of session) tell(event);
  })().catch(() => socket.close(1011, 'the local synthesizer is lost'));

  return (value) => {
    const { text = '', context_id = 'default', flush, close_context, close_socket } = value as ClientMessage;
    if (close_socket === true) return socket.close();
    const context = opened(context_id);
    context.text += text;
    if (flush === true && context.text.trim() !== '') {
      context.asked = context.text;
      context.text = '';
      context.isSpoken = false;
      void session.write({ id: context.id, epoch: 0, text: context.asked });
    }
    if (close_context !== true) return;
    if (context.isSpoken) end(context);
    else context.isClosing = true;
  };
}

/** The characters that begin within a piece of sound; those of a word share its time evenly. */
function alignmentOf({ asked, words }: Context, startMs: number, endMs: number): object | null {
  const chars: string[] = [];
  const charStartTimesMs: number[] = [];
  const charDurationsMs: number[] = [];
  for (const { from, to, startMs: wordStart, endMs: wordEnd } of words) {
    const each = (wordEnd - wordStart) / (to - from);
    for (let at = from; at < to; at++) {
      const time = wordStart + (at - from) * each;
      if (time < startMs || time >= endMs) continue;
      if (at === from && from > 0) {
        chars.push(' ');
        charStartTimesMs.push(Math.max(0, Math.round(time - startMs)));
        charDurationsMs.push(0);
      }
      chars.push(asked[at]!);
      charStartTimesMs.push(Math.round(time - startMs));
      charDurationsMs.push(Math.round(each));
    }
  }
  return chars.length === 0 ? null : { chars, charStartTimesMs, charDurationsMs };
}
