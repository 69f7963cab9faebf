import { createHash } from 'node:crypto';
import { isSluiceError } from '../../errors.ts';
import { AudioFrame } from '../../media/audio-frame.ts';
import { VideoFrame } from '../../media/video-frame.ts';
import { type ArrayType, arrayTypes, DEEPEST, type Keeping, MARK, openKeys } from './value-mark.ts';

/** A value as a record has it. The parts stand on the value's own memory: copy them before it changes. */
export interface PackedValue {
  /** What fits JSON; the rest stands in it as marks, bytes by their place in `parts`. Undefined for undefined. */
  readonly json: unknown;
  /** The bytes that marks of `json` speak of, in their order. */
  readonly parts: readonly Uint8Array[];
  /** What of it cannot be given again: a function, an object of a class. */
  readonly lost: string | undefined;
}

const none: readonly Uint8Array[] = [];

/** A value as JSON and bytes. What is not kept is marked. */
export function packValue(value: unknown, keeping: Keeping): PackedValue {
  if (value === undefined) return { json: undefined, parts: none, lost: undefined };
  const packer = new Packer(keeping);
  const json = packer.pack(value, '', 0);
  return { json, parts: packer.parts, lost: packer.lost };
}

class Packer {
  readonly parts: Uint8Array[] = [];
  lost: string | undefined;
  readonly #keeping: Keeping;

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
  }

  pack(value: unknown, key: string, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return this.#keeping.text || openKeys.has(key) ? value : { [MARK]: 'text', length: value.length };
      case 'number':
        if (Object.is(value, -0)) return { [MARK]: 'number', is: '-0' };
        return Number.isFinite(value) ? value : { [MARK]: 'number', is: String(value) };
      case 'boolean':
        return value;
      case 'undefined':
        return { [MARK]: 'undefined' };
      case 'bigint':
        return { [MARK]: 'bigint', is: String(value) };
      case 'object':
        return value === null ? null : this.#packObject(value, depth);
      default:
        return this.#lose(`a ${typeof value}`);
    }
  }

  #packObject(value: object, depth: number): unknown {
    if (depth > DEEPEST) return this.#lose('something that contains itself');
    if (value instanceof AudioFrame) return this.#packAudio(value, depth);
    if (value instanceof VideoFrame) return this.#packVideo(value, depth);
    if (ArrayBuffer.isView(value)) return this.#packArray(value);
    if (value instanceof Error) return this.#packError(value, depth);
    if (Array.isArray(value)) return value.map((one) => this.pack(one, '', depth + 1));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return this.#lose(`a ${value.constructor.name}`);
    const entries: [string, unknown][] = [];
    // What is absent and what is undefined is the same to everybody here.
    for (const [key, one] of Object.entries(value))
      if (one !== undefined) entries.push([key, this.pack(one, key, depth + 1)]);
    if (Object.hasOwn(value, MARK)) return { [MARK]: 'object', entries };
    // Entries are defined, not assigned: an assignment of `__proto__` would be lost.
    return Object.fromEntries(entries);
  }

  #packAudio(frame: AudioFrame, depth: number): unknown {
    const { samples, sampleRate, channels, channelMask, timestamp, epoch, gap, utterance } = frame;
    const head = { [MARK]: 'audio', sampleRate, channels, timestamp, ...this.#bytes(samples) };
    return this.#extras(head, { channelMask, epoch: epoch || undefined, gap, utterance }, depth);
  }

  #packVideo(frame: VideoFrame, depth: number): unknown {
    const { data, width, height, format, colorSpace, timestamp, duration, epoch, gap, utterance } = frame;
    const head = { [MARK]: 'video', width, height, format, colorSpace, timestamp, duration, ...this.#bytes(data) };
    return this.#extras(head, { epoch: epoch || undefined, gap, utterance }, depth);
  }

  #extras(head: Record<string, unknown>, extras: object, depth: number): unknown {
    for (const [key, value] of Object.entries(extras))
      if (value !== undefined) head[key] = this.pack(value, key, depth + 1);
    return head;
  }

  #packArray(array: ArrayBufferView): unknown {
    const type = array.constructor.name;
    const known = Object.hasOwn(arrayTypes, type)
      ? array
      : new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    return { [MARK]: 'array', of: known.constructor.name as ArrayType, ...this.#bytes(known) };
  }

  #packError(error: Error, depth: number): unknown {
    const { model, category, retryAfterMs } = error as Error & Record<string, unknown>;
    const code = isSluiceError(error) ? error.code : undefined;
    const head = { [MARK]: 'error', message: this.pack(error.message, 'message', depth + 1) };
    return this.#extras(head, { code, model, category, retryAfterMs }, depth);
  }

  #bytes(array: ArrayBufferView): { readonly bytes: number; readonly hash?: string } {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    if (!this.#keeping.sound) return { bytes: bytes.length, hash: hashOf(bytes) };
    this.parts.push(bytes);
    return { bytes: bytes.length };
  }

  #lose(what: string): unknown {
    this.lost ??= what;
    return { [MARK]: 'lost', what };
  }
}

/** 64 bits of SHA-256, in hexadecimal. */
export function hashOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
