import { sleep } from '../../time/clock.ts';
import { defineVoiceModel } from '../define-voice-model.ts';
import type { Message } from '../language-model.ts';
import { RequestLine } from '../request-line.ts';
import type { SpeechModel, SpeechModelItem, SpeechReplyRequest } from '../speech-model.ts';
import { voiceError } from '../voice-error.ts';
import { FakeEar } from './fake-ear.ts';

/** What a fake speech model answers: a text that it says, a tool that it calls, or both in this order. */
export type FakeSpeechReply =
  | string
  | {
      readonly text?: string;
      readonly call: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
    };

export interface FakeSpeechModelOptions {
  /** What it answers to its context. Default: the last message again. */
  readonly reply?: (context: readonly Message[], request: SpeechReplyRequest) => FakeSpeechReply;
  /** What each turn of the person says, in turn; further ones say nothing. Or what the n-th says. */
  readonly texts?: readonly string[] | ((index: number) => string);
  /** From the request to the first samples, in milliseconds. Default 0. */
  readonly firstByteMs?: number;
  /** Between two pieces of 20 ms of a reply, in milliseconds: above 20 it is slower than it is heard. Default 0. */
  readonly pieceMs?: number;
  /** How long a word sounds, in milliseconds, the pause after it included. Default 300. */
  readonly wordMs?: number;
  /** From the end of a turn to its final transcript, in milliseconds. Default 200. */
  readonly transcriptMs?: number;
  /** Silence after which a turn is over, in milliseconds. Default 500. */
  readonly silenceMs?: number;
  /** Default true. */
  readonly detectsTurns?: boolean;
  /**
   * What goes wrong with the n-th reply of the model, counted over all of its sessions: `silent` never begins, `half` never
   * ends, `failed` fails after half of its words, `lost` ends the session there.
   */
  readonly fault?: (reply: number) => 'silent' | 'half' | 'failed' | 'lost' | undefined;
}

const SAMPLE_RATE = 24_000;
const PIECE = SAMPLE_RATE / 50;

/**
 * A speech model that hears that something was said, knows from its script what, and answers with a tone a word. All of a reply
 * comes at once after its delay. Its context holds what was heard of its replies, to the last whole word.
 */
export function fakeSpeechModel(options: FakeSpeechModelOptions = {}): SpeechModel<object> {
  const { reply = (context) => context.at(-1)?.text ?? '', firstByteMs = 0, pieceMs = 0, wordMs = 300 } = options;
  const { texts = [], transcriptMs = 200, silenceMs = 500, detectsTurns = true, fault } = options;
  const textOf = typeof texts === 'function' ? texts : (index: number) => texts[index] ?? '';
  let [replies, turns, calls] = [0, 0, 0];

  return defineVoiceModel({
    kind: 'speech-model',
    name: 'fake-speech-model',
    accepts: { sampleRates: [24_000, 16_000, 8_000, 48_000], channels: [1] },
    produces: { sampleRate: SAMPLE_RATE, channels: 1 },
    latencyMs: firstByteMs,
    detectsTurns,
    silenceMs: detectsTurns ? silenceMs : 0,
    transcribes: true,
    settings: {},
    start: ({ clock, emit, signal, fail }) => {
      const context: Message[] = [];
      /** Where the line of each reply stands in the context. */
      const lines = new Map<string, number>();
      const ear = new FakeEar({
        silenceMs: detectsTurns ? silenceMs : Number.POSITIVE_INFINITY,
        told: (event) => (detectsTurns || event.type === 'turn-over' ? emit(event) : undefined),
        turnOf: () => `turn-${turns + 1}`,
        over: (turn) => {
          const text = textOf(turns++);
          if (text !== '') context.push({ role: 'user', text });
          const tell = () => emit({ type: 'transcript', turn, text, final: true });
          // A clock that is closed down runs nothing more.
          if (transcriptMs > 0) void sleep(clock, transcriptMs, signal).then(tell, () => {});
          else tell();
        },
      });

      const line = new RequestLine<SpeechReplyRequest>({ signal, fail }, async (request, cancelled) => {
        const { id, epoch } = request;
        const wrong = fault?.(replies++);
        if (firstByteMs > 0) await sleep(clock, firstByteMs, cancelled);
        emit({ type: 'reply-started', id, epoch });
        const said = reply(context, request);
        const { text = '', call } = typeof said === 'string' ? { text: said, call: undefined } : said;
        if (wrong === 'silent') return forever(cancelled);
        const words = text.match(/\S+\s*/g) ?? [];
        const lineAt = context.push({ role: 'assistant', text }) - 1;
        lines.set(id, lineAt);
        for (const [index, word] of words.entries()) {
          if (index === Math.floor(words.length / 2)) {
            if (wrong === 'lost') throw voiceError('the session has ended', { model: NAME, category: 'retry' });
            if (wrong === 'half') return forever(cancelled);
            const error = voiceError('it lost its thread', { model: NAME, category: 'retry' });
            if (wrong === 'failed') return emit({ type: 'failed', id, epoch, error });
          }
          emit({ type: 'text', id, epoch, text: word });
          const sound = tone(Math.round((wordMs * SAMPLE_RATE) / 1_000));
          for (let at = 0; at < sound.length; at += PIECE) {
            if (pieceMs > 0) await sleep(clock, pieceMs, cancelled);
            const samples = sound.slice(at, at + PIECE);
            emit({ type: 'audio', id, epoch, samples, sampleRate: SAMPLE_RATE, channels: 1 });
          }
        }
        if (call !== undefined) {
          const made = { callId: `call-${++calls}`, ...call };
          context[lineAt] = { role: 'assistant', text, calls: [made] };
          emit({ type: 'tool-call', id, epoch, ...made });
        }
        emit({ type: 'finished', id, epoch });
      });

      const heard = (id: string, heardMs: number) => {
        const at = lines.get(id);
        const said = at === undefined ? undefined : context[at];
        if (at === undefined || said?.role !== 'assistant') return;
        const words = said.text.match(/\S+\s*/g) ?? [];
        const text = words
          .slice(0, Math.floor(heardMs / wordMs))
          .join('')
          .trimEnd();
        context[at] = { ...said, text };
      };

      return {
        write(item: SpeechModelItem) {
          switch (item.type) {
            case 'audio':
              return ear.hear(item.frame);
            case 'turn-over':
              return ear.endTurn();
            case 'brief':
              if (item.system !== undefined) context.push({ role: 'system', text: item.system });
              return;
            case 'message':
              return void context.push(item.message);
            case 'tool-result':
              return void context.push({ role: 'tool', callId: item.callId, text: item.text });
            case 'heard':
              return heard(item.id, item.heardMs);
            case 'respond':
              return line.add(item);
          }
        },
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}

const NAME = 'fake-speech-model';

function forever(cancelled: AbortSignal): Promise<void> {
  if (cancelled.aborted) return Promise.resolve();
  return new Promise((resolve) => cancelled.addEventListener('abort', () => resolve(), { once: true }));
}

/** A word: a tone over five sixths of the length, with a rise and a fall of 5 ms, so that nothing clicks. */
function tone(length: number): Int16Array {
  const samples = new Int16Array(length);
  const sounding = Math.round((length * 5) / 6);
  for (let index = 0; index < sounding; index++) {
    const edge = Math.min(1, index / (SAMPLE_RATE / 200), (sounding - 1 - index) / (SAMPLE_RATE / 200));
    samples[index] = Math.round(8_000 * edge * Math.sin((2 * Math.PI * 220 * index) / SAMPLE_RATE));
  }
  return samples;
}
