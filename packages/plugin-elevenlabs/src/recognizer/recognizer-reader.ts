// Messages of `/v1/speech-to-text/realtime` to what they say. No socket.

import {
  fieldsOf,
  type HeardWord,
  listOf,
  type RecognitionNews,
  type ServiceIdentity,
  serviceError,
  textOf,
} from '@sluice/service';
import { saidError } from '../access/eleven-labs-options.ts';

/** A reader for one connection. Of what is committed it waits for the form with times. */
export function recognizerReader(identity: ServiceIdentity): (message: unknown) => readonly RecognitionNews[] {
  return (value) => {
    const { message_type: type, text, words: told, error } = fieldsOf(value);
    const said = () => {
      if (typeof text === 'string') return text.trim();
      throw serviceError({ ...identity, category: 'fall-back', message: `it sent a ${type} without a text` });
    };
    switch (type) {
      case 'session_started':
        return [{ type: 'ready' }];
      case 'partial_transcript':
      // Its times follow at once; should they not, the text is known.
      case 'committed_transcript':
        return [{ type: 'partial', text: said(), words: [] }];
      case 'committed_transcript_with_timestamps': {
        const words = wordsOf(listOf(told));
        const to = words.at(-1)?.end;
        const bounds = to === undefined ? {} : { from: words[0]!.start, to };
        return [{ type: 'final', text: said(), words, ...bounds, isFinish: true }];
      }
      // There was too little sound to commit: nothing was said.
      case 'commit_throttled':
        return [{ type: 'final', text: '', words: [], isFinish: true }];
      default:
        if (typeof error === 'string') throw saidError(identity, String(type), error);
        return [];
    }
  };
}

function wordsOf(words: readonly unknown[]): HeardWord[] {
  return words.flatMap((word) => {
    const { start, end, type, logprob, ...rest } = fieldsOf(word);
    const text = textOf(rest.text).trim();
    if (type === 'spacing' || text === '' || typeof start !== 'number' || typeof end !== 'number') return [];
    return [
      {
        text,
        start,
        end,
        ...(typeof logprob === 'number' ? { confidence: Math.min(1, Math.exp(logprob)) } : {}),
      },
    ];
  });
}
