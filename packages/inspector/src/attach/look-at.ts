import { on, once } from 'node:events';
import { WebSocket } from 'ws';
import type { InspectMessage } from '../protocol/messages.ts';
import { CLOSE_DENIED, denied } from '../server/access.ts';
import type { RunFile } from './run-files.ts';

/**
 * What a process tells of its graphs, as its page gets it: a greeting, the topology, then a sample five times a second. Ends when
 * the process does, or with the signal; leaving the loop closes the socket.
 *
 * @param file Of `listRunFiles()`, of a process whose inspector is open
 * @throws SLUICE_INSPECTOR_DENIED if the process is not open, or has another token by now; what the socket says if nobody listens
 * @example
 * for await (const message of lookAt(file)) if (message.type === 'sample') console.log(message.process.cpu);
 */
export async function* lookAt(
  { pid, port, token }: Pick<RunFile, 'pid' | 'port' | 'token'>,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<InspectMessage, void, undefined> {
  if (port === undefined || token === undefined)
    throw denied(`process ${pid} does not show its graphs`, { fix: `sluice inspect ${pid}` });
  const isLeft = () => signal?.aborted === true;
  if (isLeft()) return;
  const ws = new WebSocket(`ws://127.0.0.1:${port}/socket`);
  let code = 0;
  ws.once('close', (why: number) => {
    code = why;
  });
  const messages = on(ws, 'message', { close: ['close'], ...(signal && { signal }) });
  try {
    await once(ws, 'open', signal && { signal });
    ws.send(JSON.stringify({ type: 'open', token }));
    for await (const [data, isBinary] of messages) if (!isBinary) yield JSON.parse(String(data)) as InspectMessage;
  } catch (error) {
    if (!isLeft()) throw error;
  } finally {
    // A socket that is ended before it is open says so once more.
    ws.on('error', () => {});
    ws.terminate();
  }
  if (code === CLOSE_DENIED) throw denied(`process ${pid} takes another token`, { fix: `sluice inspect ${pid}` });
}
