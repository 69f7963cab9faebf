import { once } from 'node:events';
import { createServer } from 'node:net';

/** How many are tried before whoever listens says itself what is in the way. */
const TRIED = 20;

/** The first port from `first` on at which something can listen; `first` if there is none near. */
export async function freePort(first: number, host: string): Promise<number> {
  for (let port = first; port < first + TRIED; port++) if (await isFree(port, host)) return port;
  return first;
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
