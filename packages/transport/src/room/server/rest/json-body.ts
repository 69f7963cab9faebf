import { invalidArgument } from '@sluice/core';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RestFault } from './rest-fault.ts';

/** Longest body of a request in bytes. */
const BODY_BYTES = 64 * 1_024;

/** Ends the request at its first byte too many, or at once if it says how long it will be. */
export const limitBody = bodyLimit({
  maxSize: BODY_BYTES,
  onError: () => {
    // The rest of the body would only be read to be thrown away.
    throw new RestFault('too-large', `a body has at most ${BODY_BYTES} bytes`, { connection: 'close' });
  },
});

/** The JSON of a request. What is compressed is not unpacked. */
export async function jsonBody({ req }: Context): Promise<unknown> {
  const type = req.header('content-type') ?? '';
  if (!/^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(type))
    throw new RestFault('media-type', 'say content-type: application/json and send JSON in UTF-8');
  if ((req.header('content-encoding') ?? 'identity') !== 'identity')
    throw new RestFault('media-type', 'send the body as it is, not compressed');
  const bytes = await req.arrayBuffer();
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalidArgument('body', 'JSON', `${bytes.byteLength} bytes that are none`);
  }
}
