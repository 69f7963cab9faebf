// Messages of `/v2/listen` to what they say. No socket.

import type { TurnMark } from '@sluice/core/voice';
import type { HeardWord, RecognitionNews, ServiceIdentity } from '@sluice/service';
import { fieldsOf, serviceError } from '@sluice/service';
import { saidError } from '../listen/listen-reader.ts';

interface TurnInfo {
  readonly type: 'TurnInfo';
  readonly event: string;
  readonly audio_window_start: number;
  readonly audio_window_end: number;
  readonly transcript: string;
  readonly words: readonly {
    readonly word: string;
    readonly confidence?: number;
    readonly start?: number;
    readonly end?: number;
  }[];
}

const MARKS: Readonly<Record<string, TurnMark>> = {
  StartOfTurn: 'begun',
  EagerEndOfTurn: 'ending',
  TurnResumed: 'resumed',
  EndOfTurn: 'over',
};

/** A reader for one connection. An `Update` outside a turn says that nobody speaks. */
export function fluxReader(identity: ServiceIdentity): (message: unknown) => readonly RecognitionNews[] {
  let isInTurn = false;

  function read(info: TurnInfo): readonly RecognitionNews[] {
    const { event, transcript: text, audio_window_start: from, audio_window_end: to } = info;
    const turn = MARKS[event];
    // An event of later versions is none of ours.
    if (turn === undefined && event !== 'Update') return [];
    if (turn === 'over') {
      isInTurn = false;
      return [{ type: 'final', text, words: wordsOf(info), from, to, turn, isFinish: true }];
    }
    if (turn !== undefined) isInTurn = true;
    if (!isInTurn) return [{ type: 'silence', to }];
    return [{ type: 'partial', text, words: wordsOf(info), ...(turn === undefined ? {} : { turn }) }];
  }

  return (message) => {
    const { type } = fieldsOf(message);
    if (type === 'Error') throw saidError(identity, message);
    if (type === 'ConfigureFailure')
      throw serviceError({ ...identity, category: 'retry', message: 'it did not take the settings' });
    if (type !== 'TurnInfo') return [];
    if (!isTurnInfo(message))
      throw serviceError({ ...identity, category: 'fall-back', message: 'it sent TurnInfo of another form' });
    return read(message);
  };
}

/** None where the service gives no times. */
function wordsOf({ words }: TurnInfo): HeardWord[] {
  return words.flatMap(({ word: text, start, end, confidence }) =>
    start === undefined || end === undefined
      ? []
      : [{ text, start, end, ...(confidence === undefined ? {} : { confidence }) }],
  );
}

function isTurnInfo(message: unknown): message is TurnInfo {
  const { event, transcript, words, audio_window_start: from, audio_window_end: to } = fieldsOf(message);
  return (
    typeof event === 'string' &&
    typeof transcript === 'string' &&
    typeof from === 'number' &&
    typeof to === 'number' &&
    Array.isArray(words) &&
    words.every(isWord)
  );
}

/** The service gives times and confidence where it knows them. */
function isWord(value: unknown): boolean {
  const { word, start = 0, end = 0, confidence = 0 } = fieldsOf(value);
  return typeof word === 'string' && [start, end, confidence].every((number) => typeof number === 'number');
}
