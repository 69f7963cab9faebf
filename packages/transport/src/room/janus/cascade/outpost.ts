import { type Cancel, type Clock, isSluiceError, SluiceError } from '@sluice/core';
import type { JanusClient } from '../wire/janus-client.ts';
import type { JanusHandle, PluginEvent } from '../wire/janus-handle.ts';
import { type Publication, Relay, type RelayOptions } from './relay.ts';

/** After what time a server is tried again that did not answer, or is lost. Milliseconds. */
const AGAIN_MS = 2_000;
/** What no waiting mends: somebody has to set that server up otherwise, or to make room on it. */
const lasting = [
  'SLUICE_ROOM_URL',
  'SLUICE_ROOM_TOKEN',
  'SLUICE_ROOM_VERSION',
  'SLUICE_ROOM_PROTOCOL',
  'SLUICE_ROOM_FULL',
] as const;

export interface OutpostOptions extends Omit<RelayOptions, 'host' | 'name'> {
  readonly clock: Clock;
  readonly url: URL;
  readonly open: (url: URL) => Promise<JanusClient>;
  /** Enters the room by our presence. */
  readonly enter: (handle: JanusHandle, url: URL) => Promise<unknown>;
  /** Our display name now. */
  readonly display: () => string;
  readonly event: (event: PluginEvent) => void;
}

/** Our place on a server of the room that we do not publish to: those who do see us there, and our media reaches them. */
export class Outpost {
  readonly url: URL;
  readonly #options: OutpostOptions;
  readonly #relay: Relay;
  #client: JanusClient | undefined;
  #handle: JanusHandle | undefined;
  /** What we are called there. */
  #said = '';
  #cancel: Cancel = () => {};
  /** That it is passed over was told, and it has not let us in since. */
  #isTold = false;
  #closed = false;

  constructor(options: OutpostOptions) {
    const { url } = options;
    this.#options = options;
    this.url = url;
    this.#relay = new Relay({ ...options, host: url.hostname.replace(/^\[|\]$/g, ''), name: url.host });
    void this.#open();
  }

  get connected(): boolean {
    return this.#handle !== undefined && this.#client?.connected === true;
  }

  /** Says our display name, after all that was said before it. What a server that is away misses is said by the last one. */
  say(display: string): void {
    if (this.#handle === undefined || !this.connected) return;
    this.#said = display;
    this.#handle.ask({ request: 'configure', display }, 'to be called otherwise').catch(() => {});
  }

  send(publication: Publication): void {
    this.#relay.send(publication);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    if (this.connected) {
      await this.#relay.end();
      await this.#handle?.ask({ request: 'leave' }, 'to leave').catch(() => {});
    }
    this.#client?.close();
  }

  async #open(): Promise<void> {
    const { url, open } = this.#options;
    let client: JanusClient | undefined;
    try {
      client = await open(url);
      const handle = await client.attach();
      await this.#enter(handle);
      if (this.#closed) return client.close();
      this.#client = client;
      this.#handle = handle;
      handle.listen({ event: this.#options.event });
      client.start({
        state: (state) => state === 'connected' && this.#back(handle),
        forgotten: async (entering) => {
          await this.#enter(entering);
          client?.goOn(handle, entering);
          this.#relay.arrived(handle);
        },
        lost: () => this.#again(),
      });
      this.#relay.arrived(handle);
      this.#back(handle);
    } catch (error) {
      client?.close();
      this.#passOver(error);
      this.#again();
    }
  }

  async #enter(handle: JanusHandle): Promise<void> {
    this.#said = this.#options.display();
    await this.#options.enter(handle, this.url);
    this.#isTold = false;
  }

  /** One that is away comes back; of another one nobody would know why its participants are missing. */
  #passOver(cause: unknown): void {
    if (this.#isTold || this.#closed || !isSluiceError(cause) || !lasting.some((code) => code === cause.code)) return;
    this.#isTold = true;
    const what = `the Janus server at ${this.url.host} is passed over: who is on it and we do not meet (${cause.message})`;
    this.#options.report(new SluiceError(cause.code, what, { cause }));
  }

  /** It listens again, or for the first time. */
  #back(handle: JanusHandle): void {
    const display = this.#options.display();
    if (this.#handle === handle && this.#said !== display) this.say(display);
  }

  #again(): void {
    const { clock } = this.#options;
    this.#handle = undefined;
    if (!this.#closed) this.#cancel = clock.at(clock.now() + AGAIN_MS, () => void this.#open());
  }
}
