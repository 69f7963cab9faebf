import { createSecret, PROTOCOL } from '@sluice/protocol';
import { type ClientOptions, WebSocket } from 'ws';

export interface BareClient {
  readonly ws: WebSocket;
  /** What the server said, in order. */
  readonly messages: Record<string, unknown>[];
  /** 101, or the status that the upgrade was answered with. */
  readonly status: Promise<number>;
  /** The close code. */
  readonly closed: Promise<number>;
  /** Resolves with the first message of a type that came or comes; with `refused` if that is what comes. */
  next(type: string): Promise<Record<string, unknown>>;
  say(message: object): void;
}

/** A socket that says what a test tells it to, without any media. */
export function bareClient(url: string, options: ClientOptions = {}): BareClient {
  const ws = new WebSocket(url.replace('http', 'ws'), options);
  const messages: Record<string, unknown>[] = [];
  let told = () => {};
  ws.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    told();
  });
  ws.on('error', () => {});
  const closed = new Promise<number>((resolve) => ws.on('close', resolve));
  const status = new Promise<number>((resolve) => {
    ws.on('open', () => resolve(101));
    ws.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
  });
  return {
    ws,
    messages,
    closed,
    status,
    next: async (type) => {
      for (;;) {
        const found = messages.find((message) => message.type === type || message.type === 'refused');
        if (found !== undefined) return found;
        const more = new Promise<true>((resolve) => {
          told = () => resolve(true);
        });
        if ((await Promise.race([more, closed])) !== true) throw new Error(`closed before ${type}`);
      }
    },
    say: (message) => ws.send(JSON.stringify(message)),
  };
}

/** Joins with a token, or without; resolves with the welcome or the refusal. */
export async function joinBare(url: string, token?: string, options: ClientOptions = {}) {
  const client = bareClient(url, options);
  if ((await client.status) !== 101) throw new Error(`no socket: ${await client.status}`);
  client.say({ type: 'join', protocol: PROTOCOL, identity: createSecret(), userName: 'Guest', tracks: [], token });
  return { ...client, answer: await client.next('welcome') };
}
