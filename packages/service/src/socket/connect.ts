import type { IncomingMessage } from 'node:http';
import type { VoiceError } from '@sluice/core/voice';
import { WebSocket } from 'ws';
import { faultText } from '../fault-text.ts';
import { networkError } from '../faults/network-error.ts';
import { readFault } from '../faults/read-fault.ts';
import { retryAfterMs } from '../faults/retry-after.ts';
import { serviceError } from '../faults/service-error.ts';
import { inTime, type ServiceContext } from '../in-time.ts';
import type { ServiceSocketOptions } from './socket-options.ts';

/** Of what a refusal says. */
const MOST_FAULT_BYTES = 64 * 1024;

/** An open `ws`, or why there is none. */
export async function connect(context: ServiceContext, options: ServiceSocketOptions): Promise<WebSocket> {
  const {
    identity,
    url,
    headers = {},
    protocols = [],
    connectMs = 10_000,
    mostMessageBytes = 4 * 1024 * 1024,
  } = options;
  context.signal.throwIfAborted();
  let ws: WebSocket;
  try {
    ws = new WebSocket(url, [...protocols], {
      headers: { ...headers },
      maxPayload: mostMessageBytes,
      perMessageDeflate: false,
    });
  } catch (reason) {
    throw networkError(identity, 'no connection can be made', reason);
  }
  const opening = new Promise<void>((resolve, reject) => {
    // What comes with the answer to the upgrade waits until somebody listens.
    ws.once('open', () => {
      ws.pause();
      resolve();
    });
    ws.once('error', (reason) => reject(networkError(identity, 'no connection', reason)));
    ws.once('unexpected-response', (_, response) => void refusal(context, options, response).then(reject));
  });
  const late = () => serviceError({ ...identity, category: 'retry', message: `no connection within ${connectMs} ms` });
  try {
    await inTime(context, connectMs, opening, late);
  } catch (error) {
    // Ending a connection that is being made is an error of its own.
    ws.on('error', () => {});
    ws.terminate();
    throw error;
  }
  ws.removeAllListeners('error');
  return ws;
}

async function refusal(
  context: ServiceContext,
  { identity }: ServiceSocketOptions,
  response: IncomingMessage,
): Promise<VoiceError> {
  const text = await faultText(context, textOf(response));
  response.destroy();
  const { message = 'it refused the connection', code } = readFault(text);
  const header = (name: string) => {
    const value = response.headers[name];
    return typeof value === 'string' ? value : null;
  };
  const wait = retryAfterMs({ get: header });
  return serviceError({
    ...identity,
    ...(response.statusCode === undefined ? {} : { status: response.statusCode }),
    message,
    ...(code === undefined ? {} : { code }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) {
    text += piece;
    if (text.length > MOST_FAULT_BYTES) break;
  }
  return text;
}
