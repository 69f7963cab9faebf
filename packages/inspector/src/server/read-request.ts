import { SluiceError } from '@sluice/core';
import * as v from 'valibot';
import { type InspectRequest, scopeKinds } from '../protocol/requests.ts';

const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const graph = v.pipe(v.number(), v.integer(), v.minValue(1));
const name = v.pipe(v.string(), v.maxLength(1_000));

const requests = {
  open: v.object({ type: v.literal('open'), token: name, changes: v.optional(v.boolean()) }),
  scope: v.object({
    type: v.literal('scope'),
    id,
    graph,
    link: name,
    kinds: v.pipe(v.array(v.picklist(scopeKinds)), v.minLength(1), v.maxLength(scopeKinds.length)),
  }),
  follow: v.object({ type: v.literal('follow'), id, graph, link: name }),
  unscope: v.object({ type: v.literal('unscope'), id }),
  send: v.object({ type: v.literal('send'), id, graph, node: name, message: v.looseObject({ type: name }) }),
  'pause-page': v.object({ type: v.literal('pause-page'), paused: v.boolean() }),
  history: v.object({ type: v.literal('history') }),
} satisfies { [T in InspectRequest['type']]: v.GenericSchema<unknown, Extract<InspectRequest, { type: T }>> };

/**
 * Reads what somebody sent who looks; undefined for a request of a later version, which is passed over.
 *
 * @throws SLUICE_INSPECTOR_REQUEST for what is no request, with what is wrong and the `id` that it had
 */
export function readRequest(text: string): InspectRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw noRequest('it is no JSON', undefined, cause);
  }
  const type = v.safeParse(v.looseObject({ type: v.string() }), value);
  if (!type.success) throw noRequest('it has no type', value);
  if (!Object.hasOwn(requests, type.output.type)) return undefined;
  const read = v.safeParse(requests[type.output.type as InspectRequest['type']], value);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw noRequest(`${v.getDotPath(issue) ?? 'it'}: ${issue.message}`, value);
}

/** The id of a request that was refused, so that its sender knows which. */
export function idOf(text: string): number | undefined {
  try {
    const read = v.safeParse(v.object({ id }), JSON.parse(text));
    return read.success ? read.output.id : undefined;
  } catch {
    return undefined;
  }
}

function noRequest(why: string, received: unknown, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_INSPECTOR_REQUEST', `this is no request: ${why}`, {
    expected: `one of ${Object.keys(requests).join(', ')}`,
    received,
    fix: 'Send what docs/inspector.md says',
    cause,
  });
}
