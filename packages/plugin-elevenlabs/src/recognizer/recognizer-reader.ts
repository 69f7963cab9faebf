// Messages of `/v1/speech-to-text/realtime` to what they say. No socket.

import { type HeardWord, type RecognitionNews, type ServiceIdentity, serviceError } from '@sluice/service';
import { saidError } from '../access/eleven-labs-options.ts';

interface WireMessage {
  readonly message_type: string;
  readonly text?: string;
  readonly error?: string;
  readonly words?: readonly WireWord[] | null;
}

interface WireWord {
  readonly text?: string;
  readonly start?: number;
  readonly end?: number;
  readonly type?: string;
  readonly logprob?: number;
}

/** A reader for one connection. Of what is committed it waits for the form with times. */
export function recognizerReader(identity: ServiceIdentity): (message: unknown) => readonly RecognitionNews[] {
  const textOf = ({ text, message_type }: WireMessage): string => {
    if (typeof text === 'string') return text.trim();
    throw serviceError({ ...identity, category: 'fall-back', message: `it sent a ${message_type} without a text` });
  };

  return (value) => {
    const message = value as WireMessage;
    switch (message.message_type) {
      case 'session_started':
        return [{ type: 'ready' }];
      case 'partial_transcript':
      // Its times follow at once; should they not, the text is known.
      case 'committed_transcript':
        return [{ type: 'partial', text: textOf(message), words: [] }];
      case 'committed_transcript_with_timestamps': {
        const words = wordsOf(message.words ?? []);
        const to = words.at(-1)?.end;
        const bounds = to === undefined ? {} : { from: words[0]!.start, to };
        return [{ type: 'final', text: textOf(message), words, ...bounds, isFinish: true }];
      }
      // There was too little sound to commit: nothing was said.
      case 'commit_throttled':
        return [{ type: 'final', text: '', words: [], isFinish: true }];
      default:
        if (typeof message.error === 'string') throw saidError(identity, String(message.message_type), message.error);
        return [];
    }
  };
}

function wordsOf(words: readonly WireWord[]): HeardWord[] {
  return words.flatMap(({ text = '', start, end, type, logprob }) => {
    if (type === 'spacing' || text.trim() === '' || typeof start !== 'number' || typeof end !== 'number') return [];
    return [
      {
        text: text.trim(),
        start,
        end,
        ...(typeof logprob === 'number' ? { confidence: Math.min(1, Math.exp(logprob)) } : {}),
      },
    ];
  });
}
