import { SluiceError } from '../../errors.ts';
import type { AudioFrameInit } from '../../media/audio-frame.ts';
import { audioFrame } from '../../media/audio-frame.ts';
import { type VideoFrameInit, videoFrame } from '../../media/video-frame.ts';
import { type ErrorCategory, errorCategories, voiceError } from '../../voice/voice-error.ts';
import { noSession } from '../container/session-header.ts';
import { type ArrayType, arrayTypes, DEEPEST, MARK } from './value-mark.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The value that `packValue` was given. Frames and arrays have memory of their own.
 *
 * @throws SLUICE_SESSION_WITHHELD for what the session leaves out, SLUICE_SESSION_FILE for what nobody packed
 */
export function unpackValue(json: unknown, bytes: Uint8Array): unknown {
  return json === undefined ? undefined : new Unpacker(bytes).unpack(json);
}

class Unpacker {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  unpack(json: unknown, depth = 0): unknown {
    if (typeof json !== 'object' || json === null) return json;
    if (depth > DEEPEST) throw noSession(`a value of it is deeper than ${DEEPEST}`);
    if (Array.isArray(json)) return json.map((one) => this.unpack(one, depth + 1));
    if (Object.hasOwn(json, MARK)) return this.#unpackMarked(json as Json, depth);
    return this.#object(Object.entries(json), depth);
  }

  #object(entries: readonly unknown[], depth: number): unknown {
    return Object.fromEntries(
      entries.map((entry) => {
        const [key, one] = Array.isArray(entry) ? (entry as unknown[]) : [];
        return [textOf(key, 'key'), this.unpack(one, depth + 1)];
      }),
    );
  }

  #unpackMarked(json: Json, depth: number): unknown {
    switch (json[MARK]) {
      case 'audio':
        return this.#frame(json, 2, (bytes, rest) => {
          return audioFrame({ ...rest, samples: new Int16Array(bytes.buffer) } as unknown as AudioFrameInit);
        });
      case 'video':
        return this.#frame(json, 1, (data, rest) => videoFrame({ ...rest, data } as unknown as VideoFrameInit));
      case 'array':
        return this.#array(json);
      case 'error':
        return this.#error(json);
      case 'number':
        return Number(textOf(json.is, 'number'));
      case 'undefined':
        return undefined;
      case 'bigint':
        return guard(() => BigInt(textOf(json.is, 'bigint')));
      case 'object':
        if (!Array.isArray(json.entries)) throw noSession('an object of it has no entries');
        return this.#object(json.entries, depth);
      case 'text':
        throw withheld('text');
      default:
        throw noSession(`it has a value of the kind ${JSON.stringify(json[MARK])}, which cannot be given again`);
    }
  }

  #frame(json: Json, unit: number, make: (bytes: Uint8Array<ArrayBuffer>, rest: Json) => unknown): unknown {
    const { [MARK]: _, bytes: _size, hash: _hash, gap, utterance, ...rest } = json;
    const bytes = this.#take(json, unit);
    const extras = { ...(gap === undefined ? {} : { gap }), ...(utterance === undefined ? {} : { utterance }) };
    return guard(() => make(bytes, { ...rest, ...extras }));
  }

  #array(json: Json): unknown {
    const type = Object.hasOwn(arrayTypes, textOf(json.of, 'array')) ? arrayTypes[json.of as ArrayType] : Uint8Array;
    return new type(this.#take(json, type.BYTES_PER_ELEMENT).buffer);
  }

  #error(json: Json): Error {
    const message = textOf(this.unpack(json.message), 'message');
    const { code, category, model } = json;
    const retryAfterMs = this.unpack(json.retryAfterMs);
    if (code === undefined) return new Error(message);
    if (code !== 'SLUICE_VOICE_MODEL') return new SluiceError(textOf(code, 'code'), message);
    const name = textOf(model, 'model');
    const helps = errorCategories.includes(category as ErrorCategory) ? (category as ErrorCategory) : 'fall-back';
    const wait = typeof retryAfterMs === 'number' ? { retryAfterMs } : {};
    // The message has the model's name already.
    const what = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
    return voiceError(what, { model: name, category: helps, ...wait });
  }

  /** The next bytes, copied: typed arrays have to begin at a multiple of their unit. */
  #take(json: Json, unit: number): Uint8Array<ArrayBuffer> {
    const { bytes: count, hash } = json;
    if (hash !== undefined) throw withheld('sound');
    const left = this.#bytes.length - this.#at;
    if (!Number.isInteger(count) || (count as number) < 0 || (count as number) > left || (count as number) % unit !== 0)
      throw noSession(`a value speaks of ${JSON.stringify(count)} bytes, and its record has ${left}`);
    const start = this.#at;
    this.#at += count as number;
    return this.#bytes.slice(start, this.#at) as Uint8Array<ArrayBuffer>;
  }
}

function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw noSession(`its ${what} is no text`);
}

function guard<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw noSession('a value of it makes no sense', cause);
  }
}

function withheld(what: 'sound' | 'text'): SluiceError {
  return new SluiceError('SLUICE_SESSION_WITHHELD', `the session was recorded without ${what}, and a replay needs it`, {
    fix: `Record with { ${what}: true }; what is said is then in the file`,
  });
}
