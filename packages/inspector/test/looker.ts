import { WebSocket } from 'ws';
import type { InspectMessage, InspectRequest, MediaPacket } from '../src/index.ts';
import { decodePacket } from '../src/index.ts';

type Of<T extends InspectMessage['type']> = Extract<InspectMessage, { type: T }>;

/** A program that looks, as the page does. */
export class Looker {
  readonly ws: WebSocket;
  readonly messages: InspectMessage[] = [];
  readonly packets: MediaPacket[] = [];
  #wake = () => {};

  constructor(port: number, headers: Record<string, string> = {}) {
    this.ws = new WebSocket(`ws://127.0.0.1:${port}/socket`, { headers });
    this.ws.binaryType = 'arraybuffer';
    this.ws.on('message', (data, isBinary) => {
      if (isBinary) this.packets.push(decodePacket(data as ArrayBuffer)!);
      else this.messages.push(JSON.parse(String(data)) as InspectMessage);
      this.#wake();
    });
  }

  /** Opens it with the token. */
  static async open(to: { readonly port: number; readonly token: string }, more: object = {}): Promise<Looker> {
    const looker = new Looker(to.port);
    await new Promise((resolve) => looker.ws.once('open', resolve));
    looker.ask({ type: 'open', token: to.token, ...more });
    await looker.next('hello');
    return looker;
  }

  ask(request: InspectRequest): void {
    this.ws.send(JSON.stringify(request));
  }

  /** Waits until something holds of what came. */
  async until<T>(find: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The first message of a type, and whatever else holds of it. */
  next<T extends InspectMessage['type']>(type: T, holds: (message: Of<T>) => boolean = () => true): Promise<Of<T>> {
    return this.until(() => this.messages.find((one): one is Of<T> => one.type === type && holds(one as Of<T>)));
  }

  /** The code with which the server ends it. */
  closed(): Promise<number> {
    return new Promise((resolve) => this.ws.once('close', resolve));
  }

  close(): void {
    this.ws.terminate();
  }
}
