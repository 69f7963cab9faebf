import { type Cancel, type Clock, toError } from '@sluice/core';
import { trackKind, type VideoQuality } from '@sluice/protocol';
import type { HostConnectionEvents, HostConnectionStats } from '../../../host/media-host.ts';
import type { FeedId, TrackSource } from '../members/roster.ts';
import { isJanusCode } from '../wire/janus-errors.ts';
import type { JanusHandle, PluginEvent } from '../wire/janus-handle.ts';
import { LinkWatch } from './link-watch.ts';
import { MediaLink, type MediaLinkOptions } from './media-link.ts';
import { CHOICE_MS, QualityChoices } from './quality-choices.ts';
import { type SubscribedLine, subscribedLines, subscriptionsDiff } from './subscriptions-diff.ts';
import { WornLines } from './worn-lines.ts';

/** A publisher can be subscribed to once its media flows, which nobody tells: it is asked again after this. Milliseconds. */
const RETRY_MS = 150;
/** Of the VideoRoom: its publisher is not connected yet, or has just left. */
const NO_SUCH_FEED = 428;

export interface SubscriberOptions {
  readonly attach: () => Promise<JanusHandle>;
  /** Room, pin and what else joining as a subscriber needs. */
  readonly entry: () => object;
  readonly link: (handle: JanusHandle) => MediaLinkOptions;
  readonly clock: Clock;
  /** What is wanted and can be had, by a name of each that is unique in the room. */
  readonly wanted: () => ReadonlyMap<string, TrackSource>;
  readonly receives: (name: string) => boolean;
  /** The best quality that is wanted of one of them. */
  readonly quality: (name: string) => VideoQuality;
  readonly audio: (audio: HostConnectionEvents['audio']) => void;
  readonly video: (video: HostConnectionEvents['video']) => void;
  readonly connection: (state: 'interrupted' | 'connected') => void;
  readonly report: (error: unknown) => void;
}

/** What this side receives: one connection from the server, whose m-lines are kept to what is wanted. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #watch: LinkWatch;
  readonly #retryAt = new Map<FeedId, number>();
  #handle: JanusHandle | undefined;
  #link: MediaLink | undefined;
  #lines: readonly SubscribedLine[] = [];
  readonly #worn = new WornLines();
  readonly #choices: QualityChoices;
  #cancelChoice: Cancel = () => {};
  /** What was asked last is done once we have answered an offer that is under way. */
  #postponed = false;
  /** Of the newest offer that was taken in; they may come in another order than they were made. */
  #version = -1;
  #steps: Promise<void> = Promise.resolve();
  #syncWanted = false;
  #cancelRetry: Cancel = () => {};
  #closed = false;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#choices = new QualityChoices(options.clock);
    this.#watch = new LinkWatch({
      clock: options.clock,
      restart: () => this.restart(),
      rebuild: () => this.rebuild(),
      changed: options.connection,
    });
  }

  get broken(): boolean {
    return this.#watch.broken;
  }

  /** What is wanted, or can be had, changed. */
  sync(): void {
    if (this.#syncWanted || this.#closed) return;
    this.#syncWanted = true;
    this.#step(async () => {
      this.#syncWanted = false;
      // Each answer may change what is to be asked.
      while (!this.#closed && (await this.#askNext()));
    });
  }

  /** Which media is delivered changed. */
  applyReceiving(): void {
    for (const name of this.#options.wanted().keys())
      this.#link?.connection.receive(name, this.#options.receives(name));
  }

  restart(): void {
    this.#step(async () => {
      if (this.#link === undefined || this.#handle === undefined) return;
      this.#link.connection.setIce(this.#options.link(this.#handle).ice);
      await this.#take(await this.#handle.ask({ request: 'configure', restart: true }, 'to restart ICE'));
    });
  }

  /** Another connection: the engine died, or the server gave this one up. */
  rebuild(): void {
    this.#step(async () => this.#drop());
    this.sync();
  }

  /** The server knows nothing of the connection any more. The next `resume` makes another one. */
  serverForgot(): void {
    if (this.#link !== undefined) this.#watch.down();
    this.#retryAt.clear();
    this.#step(async () => this.#drop());
  }

  /** The socket is back. */
  resume(): void {
    this.sync();
    this.#watch.retry();
  }

  async stats(): Promise<HostConnectionStats | undefined> {
    return this.#link?.connection.stats().catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry();
    this.#cancelChoice();
    this.#watch.close();
    this.#drop();
  }

  #step(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (cause) {
        const error = toError(cause);
        // The socket is away: `resume` asks again.
        if (!this.#closed && !('code' in error && error.code === 'SLUICE_ROOM_LOST')) this.#options.report(error);
      }
    });
  }

  /** Returns whether there may be more to ask. */
  async #askNext(): Promise<boolean> {
    if (this.#postponed) return false;
    const { clock } = this.#options;
    const now = clock.now();
    const mayAsk = (feed: FeedId) => (this.#retryAt.get(feed) ?? 0) <= now;
    const diff = subscriptionsDiff([...this.#options.wanted().values()], this.#lines, mayAsk);
    if (diff === undefined) return this.#choose();
    const feed = diff.subscribe[0]?.feed;
    try {
      if (this.#handle === undefined) await this.#enter(diff.subscribe);
      else await this.#update(diff.subscribe, diff.unsubscribe);
      if (feed !== undefined) this.#retryAt.delete(feed);
      return true;
    } catch (error) {
      if (feed === undefined || !isJanusCode(error, NO_SUCH_FEED)) throw error;
      this.#retryAt.set(feed, now + RETRY_MS);
      this.#cancelRetry();
      this.#cancelRetry = clock.at(now + RETRY_MS, () => this.sync());
      return true;
    }
  }

  /** Asks for other encodings of what comes in several. Returns whether it did. */
  async #choose(): Promise<boolean> {
    const { clock, quality } = this.#options;
    const pictures = this.#tracks().filter(({ name }) => trackKind(name.slice(name.indexOf('/') + 1)) === 'video');
    const streams = this.#choices.take(pictures.map(({ name, ...line }) => ({ ...line, quality: quality(name) })));
    if (streams.length === 0) return false;
    this.#cancelChoice();
    this.#cancelChoice = clock.at(clock.now() + CHOICE_MS, () => this.sync());
    await this.#handle?.ask({ request: 'configure', streams }, 'to choose a quality');
    return true;
  }

  async #enter(sources: readonly TrackSource[]): Promise<void> {
    const handle = await this.#options.attach();
    try {
      const streams = sources.map(({ feed, mid }) => ({ feed, mid }));
      const body = { request: 'join', ptype: 'subscriber', ...this.#options.entry(), streams };
      const offer = await handle.ask(body, 'to subscribe');
      this.#open(handle);
      await this.#take(offer);
    } catch (error) {
      if (this.#handle === undefined) handle.detach();
      throw error;
    }
  }

  async #update(subscribe: readonly TrackSource[], unsubscribe: readonly TrackSource[]): Promise<void> {
    const body = {
      request: 'update',
      ...(subscribe.length > 0 && { subscribe }),
      ...(unsubscribe.length > 0 && { unsubscribe }),
    };
    const answer = await this.#handle?.ask(body, 'to subscribe');
    if (answer === undefined) return;
    if (answer.data.videoroom === 'updating') this.#postponed = true;
    // Nothing changed: what is to end has ended.
    else if (answer.data.streams === undefined)
      this.#lines = this.#lines.filter(({ source }) => !unsubscribe.includes(source));
    await this.#take(answer);
  }

  #open(handle: JanusHandle): void {
    const { link: options, audio, video } = this.#options;
    const link = new MediaLink(options(handle));
    this.#handle = handle;
    this.#link = link;
    this.#version = -1;
    this.#watch.renew();
    const { connection } = link;
    connection.on('state', (state) => this.#link === link && this.#watch.state(state));
    connection.on('audio', audio);
    connection.on('video', video);
    connection.on('track', () => this.applyReceiving());
    handle.listen({
      event: (event) => {
        if (event.jsep === undefined && event.data.streams === undefined) return;
        const isAwaited = this.#postponed;
        this.#step(async () => {
          if (isAwaited) this.#postponed = false;
          await this.#take(event);
        });
        this.sync();
      },
      media: (state) => {
        if (state !== 'hangup' || this.#link !== link) return;
        this.#watch.down();
        this.rebuild();
      },
    });
  }

  async #take({ data, jsep }: PluginEvent): Promise<void> {
    const version = jsep === undefined ? this.#version : versionOf(jsep.sdp);
    if (version < this.#version) return;
    this.#version = version;
    if (data.streams !== undefined) {
      const lines = subscribedLines(data.streams);
      // Another connection: `sync`, which follows, subscribes to all anew.
      if (this.#worn.take(lines, this.#lines)) return this.#drop();
      this.#lines = lines;
    }
    const link = this.#link;
    const handle = this.#handle;
    if (jsep === undefined || link === undefined || handle === undefined) return;
    await link.take(jsep, this.#tracks());
    this.applyReceiving();
    await link.describe(
      () => link.connection.createAnswer(),
      (answer) => handle.ask({ request: 'start' }, 'to receive', answer),
    );
    if (this.#link === link) this.#watch.negotiated();
  }

  /** The names of the tracks on our m-lines. */
  #tracks(): { readonly mid: string; readonly name: string; readonly source: TrackSource }[] {
    const wanted = [...this.#options.wanted()];
    return this.#lines.flatMap(({ mid, source }) => {
      const entry = wanted.find(([, one]) => one.feed === source.feed && one.mid === source.mid);
      return entry === undefined ? [] : [{ mid, name: entry[0], source }];
    });
  }

  #drop(): void {
    const link = this.#link;
    const handle = this.#handle;
    this.#link = undefined;
    this.#handle = undefined;
    this.#lines = [];
    this.#worn.clear();
    this.#choices.clear();
    this.#postponed = false;
    link?.close();
    handle?.detach();
  }
}

/** Of an offer, which counts up. */
function versionOf(sdp: string): number {
  return Number(/^o=\S+ \d+ (\d+) /m.exec(sdp)?.[1] ?? 0);
}
