import type { Frame } from '@sluice/core';
import { keepAll, packValue, unpackValue } from '@sluice/core/session';
import { frameFault } from './frame-fault.ts';

/** What a frame has that the header carries, or that no other process can call. */
const ELSEWHERE = new Set(['timestamp', 'duration', 'epoch', 'gap', 'utterance', 'close', 'clone']);
const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: true });

/** The fields of a frame that is neither sound nor a picture: a JSON text, and the bytes that it speaks of. */
export interface DataFields {
  readonly json: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/** @throws SLUICE_REMOTE_FRAME for a frame with a function or an object of a class in it */
export function packFields(frame: Frame): DataFields {
  const fields = Object.fromEntries(Object.entries(frame).filter(([key]) => !ELSEWHERE.has(key)));
  const { json, parts, lost } = packValue({ ...fields, kind: frame.kind }, keepAll);
  if (lost !== undefined)
    throw frameFault(`a frame of the kind ${JSON.stringify(frame.kind)} cannot cross to another process`, {
      expected: 'plain data and typed arrays',
      received: lost,
      fix: 'Make it plain before toSubject, and what was in it again behind fromSubject',
    });
  return { json: utf8.encode(JSON.stringify(json)), parts };
}

/** @throws SLUICE_REMOTE_FRAME for what `packFields` has not made */
export function unpackFields(json: Uint8Array, parts: Uint8Array): { readonly kind: string } {
  let fields: unknown;
  try {
    fields = unpackValue(JSON.parse(text.decode(json)), parts);
  } catch (cause) {
    throw frameFault('the fields of a remote frame make no sense', { cause });
  }
  const kind = (fields as { readonly kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || kind === 'audio' || kind === 'video' || Array.isArray(fields))
    throw frameFault('the fields of a remote frame have no kind of their own', { received: kind });
  for (const key of ELSEWHERE)
    if (Object.hasOwn(fields as object, key))
      throw frameFault('the fields of a remote frame have what belongs into its header', { received: key });
  return fields as { readonly kind: string };
}
