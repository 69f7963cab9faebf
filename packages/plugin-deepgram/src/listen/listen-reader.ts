// Messages of `/v1/listen` to what they say. No socket.

import type { HeardWord, RecognitionNews, ServiceIdentity } from '@sluice/service';
import { fieldsOf, serviceError } from '@sluice/service';

interface Results {
  readonly type: 'Results';
  readonly start: number;
  readonly duration: number;
  readonly is_final?: boolean;
  readonly speech_final?: boolean;
  readonly from_finalize?: boolean;
  readonly channel: {
    readonly alternatives: readonly { readonly transcript: string; readonly words?: readonly WireWord[] }[];
  };
}

interface WireWord {
  readonly word: string;
  readonly punctuated_word?: string;
  readonly start: number;
  readonly end: number;
  readonly confidence?: number;
}

/**
 * A reader for one connection. What is final of a stretch comes in several messages (`is_final`); they are one final when the
 * service says that the speech is over (`speech_final`), or that it has finished as it was asked to (`from_finalize`).
 */
export function listenReader(identity: ServiceIdentity): (message: unknown) => readonly RecognitionNews[] {
  let texts: string[] = [];
  let words: HeardWord[] = [];
  let from: number | undefined;

  function read(results: Results): readonly RecognitionNews[] {
    const { transcript, words: own = [] } = results.channel.alternatives[0] ?? { transcript: '' };
    const to = results.start + results.duration;
    const heard = own.map(wordOf);
    if (!results.is_final)
      return [{ type: 'partial', text: joined([...texts, transcript]), words: [...words, ...heard] }];
    from ??= results.start;
    if (transcript !== '') {
      texts.push(transcript);
      words.push(...heard);
    }
    const isFinish = results.from_finalize === true;
    if (isFinish || (results.speech_final && texts.length > 0)) {
      const final = { type: 'final', text: joined(texts), words, from, to, isFinish } as const;
      texts = [];
      words = [];
      from = undefined;
      return [final];
    }
    if (texts.length > 0) return [{ type: 'partial', text: joined(texts), words: [...words] }];
    from = undefined;
    return [{ type: 'silence', to }];
  }

  return (message) => {
    const { type } = fieldsOf(message);
    if (type === 'Error') throw saidError(identity, message);
    if (type !== 'Results') return [];
    if (!isResults(message))
      throw serviceError({ ...identity, category: 'fall-back', message: 'it sent Results of another form' });
    return read(message);
  };
}

/** The error for a message of the type `Error`, of either version of the endpoint. */
export function saidError(identity: ServiceIdentity, message: unknown): Error {
  const { code, description, message: said } = fieldsOf(message);
  const text = [description, said].find((one): one is string => typeof one === 'string') ?? 'it reports an error';
  const name = typeof code === 'string' ? code : '';
  const status = /AUTH|PERMISSION|FORBIDDEN/i.test(name) ? 401 : /RATE|TOO_MANY/i.test(name) ? 429 : undefined;
  return serviceError({
    ...identity,
    message: text,
    ...(name === '' ? {} : { code: name }),
    ...(status === undefined ? { category: 'retry' as const } : { status }),
  });
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ');
}

function wordOf({ word, punctuated_word = word, start, end, confidence }: WireWord): HeardWord {
  return { text: punctuated_word, start, end, ...(confidence === undefined ? {} : { confidence }) };
}

function isResults(message: unknown): message is Results {
  const { start, duration, channel } = fieldsOf(message);
  const { alternatives } = fieldsOf(channel);
  const isAlternative = (value: unknown) => {
    const { transcript, words = [] } = fieldsOf(value);
    return typeof transcript === 'string' && Array.isArray(words) && words.every(isWord);
  };
  return (
    typeof start === 'number' &&
    typeof duration === 'number' &&
    Array.isArray(alternatives) &&
    alternatives.every(isAlternative)
  );
}

function isWord(value: unknown): boolean {
  const { word, punctuated_word = '', start, end, confidence = 0 } = fieldsOf(value);
  return (
    [word, punctuated_word].every((text) => typeof text === 'string') &&
    [start, end, confidence].every((number) => typeof number === 'number')
  );
}
