import { once } from 'node:events';
import { type Ask, type ClientMessage, createSecret, PROTOCOL, parseServerMessage } from '@sluice/protocol';
import { WebSocket } from 'ws';

/** A participant without media: signalling alone. */
export class Member {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, () => void>();
  #numbers = 0;

  static async join(url: string): Promise<Member> {
    const socket = new WebSocket(url.replace('http:', 'ws:'), { perMessageDeflate: false });
    socket.on('error', () => {});
    await once(socket, 'open');
    const member = new Member(socket);
    const welcome = once(socket, 'message');
    member.send({ type: 'join', protocol: PROTOCOL, identity: createSecret(), userName: 'member', tracks: [] });
    await welcome;
    return member;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const text = String(data);
      // What others say is read by its beginning alone: the bench measures the server.
      if (!text.startsWith('{"type":"granted"') && !text.startsWith('{"type":"denied"')) return;
      const message = parseServerMessage(text);
      if (message.type === 'granted' || message.type === 'denied') this.#waiting.get(message.number)?.();
    });
    socket.on('close', () => {
      for (const answered of this.#waiting.values()) answered();
    });
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(message: ClientMessage): void {
    if (this.open) this.#socket.send(JSON.stringify(message));
  }

  ask(ask: Ask): Promise<void> {
    const number = ++this.#numbers;
    return new Promise((resolve) => {
      this.#waiting.set(number, () => {
        this.#waiting.delete(number);
        resolve();
      });
      this.send({ type: 'ask', number, ask });
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
