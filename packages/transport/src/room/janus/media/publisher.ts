import { toError } from '@sluice/core';
import type { HostAudioSource, HostConnection, HostConnectionStats } from '../../../host/media-host.ts';
import type { LocalTrack } from '../../driver.ts';
import { type SentTrack, sameAudio, sameLayers, sameVideo } from '../../session/sent-track.ts';
import { isJanusCode } from '../wire/janus-errors.ts';
import type { JanusHandle, PluginEvent } from '../wire/janus-handle.ts';
import { layeredSettings } from './layered-settings.ts';
import { LinkWatch } from './link-watch.ts';
import { MediaLink, type MediaLinkOptions } from './media-link.ts';

/** Of the VideoRoom. */
const ALREADY_PUBLISHED = 434;
const NOT_PUBLISHED = 435;
const MOST_REFUSALS = 3;

export interface PublisherOptions {
  /** Looked up for each connection. */
  readonly link: () => MediaLinkOptions;
  readonly clock: ConstructorParameters<typeof LinkWatch>[0]['clock'];
  readonly changed: () => void;
  /** The server's answer to what is published: of another connection than before, or of the same one. */
  readonly published: (answer: PluginEvent, isNew: boolean) => void;
  readonly connection: (state: 'interrupted' | 'connected') => void;
  /** Sound that is off is sent as silence: of a track that sends nothing the time stands still. */
  readonly recorded: boolean;
  readonly report: (error: unknown) => void;
}

/** What this side sends: one connection to the server with an m-line for each track, described by the track's name. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #watch: LinkWatch;
  readonly #sending = new Map<string, SentTrack>();
  /** Those that have an m-line of the connection. */
  readonly #lines = new Set<string>();
  #link: MediaLink | undefined;
  /** Sent for what is off. */
  #silence: HostAudioSource | undefined;
  #published = false;
  /** How often in a row the server still had what it was to forget. */
  #refusals = 0;
  /** The server still has a connection of ours that is given up. */
  #stale = false;
  #steps: Promise<void> = Promise.resolve();
  #offerWanted = false;
  #restartWanted = false;
  #closed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#watch = new LinkWatch({
      clock: options.clock,
      restart: () => this.restart(),
      rebuild: () => this.rebuild(),
      changed: options.connection,
    });
  }

  /** Whether media may flow. */
  get connected(): boolean {
    return this.#watch.connected;
  }

  sends(name: string): boolean {
    return this.#sending.has(name);
  }

  /** Sends exactly these tracks. Another source needs no negotiation, another track does. */
  send(tracks: ReadonlyMap<string, LocalTrack>): void {
    if (this.#closed) return;
    let negotiate = false;
    for (const name of [...this.#sending.keys()]) {
      if (tracks.has(name)) continue;
      this.#sending.delete(name);
      if (!this.#lines.delete(name)) continue;
      this.#link?.connection.removeTrack(name);
      negotiate = true;
    }
    for (const [name, track] of tracks) if (this.#apply(name, this.#sentOf(name, track))) negotiate = true;
    if (negotiate) this.#negotiate();
  }

  /** The server's candidates, or ours, are others now. */
  restart(): void {
    if (this.#link === undefined) return;
    this.#link.connection.setIce(this.#options.link().ice);
    this.#restartWanted = true;
    this.#negotiate();
  }

  /** Another connection: the engine died, or the server gave this one up. */
  rebuild(): void {
    if (this.#closed || this.#link === undefined) return;
    this.#drop();
    this.#negotiate();
  }

  /** The server knows nothing of the connection any more. The next `resume` makes another one. */
  serverForgot(): void {
    if (this.#link !== undefined) this.#watch.down();
    this.#drop();
    this.#stale = false;
    this.#refusals = 0;
    this.#offerWanted = true;
  }

  /** Looks whether what was asked while the socket was away is still to be done. */
  resume(): void {
    if (this.#offerWanted) this.#negotiate();
    this.#watch.retry();
  }

  /** The server ended the connection. Of one that we gave up it says so too, before the next one stands. */
  hangup(): void {
    if (!this.#published) return;
    this.#watch.down();
    this.rebuild();
  }

  /** Forgets the sources of an engine that died. */
  forgetSources(): void {
    for (const [name, sent] of this.#sending) this.#sending.set(name, { ...sent, source: null });
    this.#silence = undefined;
    this.#drop();
  }

  async stats(): Promise<HostConnectionStats | undefined> {
    return this.#link?.connection.stats().catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    this.#watch.close();
    this.#drop();
    this.#silence?.close();
  }

  #sentOf(name: string, track: LocalTrack): SentTrack {
    if (track.kind === 'video') return { kind: 'video', source: track.source, settings: layeredSettings(track) };
    // What was never on is in no recording.
    if (!this.#options.recorded || track.source !== null || !this.#sending.has(name)) return track;
    const { media } = this.#options.link();
    if (media.failure !== undefined) return track;
    this.#silence ??= media.createAudioSource({ sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 0 });
    return { ...track, source: this.#silence };
  }

  /** Returns whether that has to be negotiated. */
  #apply(name: string, track: SentTrack): boolean {
    const sent = this.#sending.get(name);
    const connection = this.#link?.connection;
    if (sent === undefined && track.source === null) return false;
    this.#sending.set(name, track);
    // The next connection begins with it.
    if (connection === undefined) return track.source !== null;
    if (sent === undefined || !this.#lines.has(name)) {
      if (track.source !== null) this.#add(connection, name, track);
      return track.source !== null;
    }
    if (track.source === null) {
      connection.replaceTrack(name, null);
      // What is off keeps its settings until it is on again.
      this.#sending.set(name, { ...sent, source: null });
      return false;
    }
    if (!sameCoding(sent, track)) {
      connection.removeTrack(name);
      this.#add(connection, name, track);
      return true;
    }
    if (sent.source !== track.source) connection.replaceTrack(name, track.source);
    if (track.kind === 'video' && sent.kind === 'video' && !sameVideo(sent.settings, track.settings))
      connection.configureTrack(name, track.settings);
    return false;
  }

  #add(connection: HostConnection, name: string, track: SentTrack): void {
    if (track.source === null) return;
    this.#lines.add(name);
    if (track.kind === 'audio') connection.addTrack(name, track.source, track.settings);
    else connection.addTrack(name, track.source, track.settings);
  }

  #negotiate(): void {
    this.#offerWanted = true;
    this.#steps = this.#steps.then(async () => {
      if (this.#closed || !this.#offerWanted) return;
      const link = this.#link ?? this.#open();
      if (link === undefined) return;
      try {
        this.#offerWanted = false;
        await this.#offer(link);
      } catch (error) {
        await this.#failed(link, error);
      }
    });
  }

  async #offer(link: MediaLink): Promise<void> {
    const iceRestart = this.#restartWanted;
    this.#restartWanted = false;
    const { handle } = this.#options.link();
    if (this.#stale) await this.#unpublish(handle);
    const answer = await link.describe(
      () => link.connection.createOffer({ iceRestart }),
      (jsep, tracks) => {
        const descriptions = tracks.map(({ mid, name }) => ({ mid, description: name }));
        const request = this.#published ? 'configure' : 'publish';
        return handle.ask({ request, descriptions }, 'to publish', jsep);
      },
    );
    const isNew = !this.#published;
    this.#published = true;
    this.#refusals = 0;
    this.#options.published(answer, isNew);
    if (answer.jsep === undefined || this.#link !== link) return;
    await link.take(answer.jsep, []);
    this.#watch.negotiated();
  }

  /** Ends what the server still has of the connection before. */
  async #unpublish(handle: JanusHandle): Promise<void> {
    try {
      await handle.ask({ request: 'unpublish' }, 'to publish anew');
    } catch (error) {
      // The server has ended it by itself.
      if (!isJanusCode(error, NOT_PUBLISHED)) throw error;
    }
    this.#stale = false;
  }

  async #failed(link: MediaLink, cause: unknown): Promise<void> {
    if (this.#closed || this.#link !== link) return;
    await link.connection.rollback().catch(() => {});
    const error = toError(cause);
    // What was asked before the socket broke was done, and nobody heard that it was.
    if (isJanusCode(error, ALREADY_PUBLISHED) && this.#refusals++ < MOST_REFUSALS) {
      this.#stale = true;
      return this.#negotiate();
    }
    // Said again when the socket is back; the engine's death is told by itself.
    if ('code' in error && error.code === 'SLUICE_ROOM_LOST') this.#offerWanted = true;
    else if (!('code' in error && error.code === 'SLUICE_HOST_DOWN')) this.#options.report(error);
  }

  #open(): MediaLink | undefined {
    const tracks = [...this.#sending].filter(([, { source }]) => source !== null);
    if (tracks.length === 0) return undefined;
    this.#watch.renew();
    const link = new MediaLink(this.#options.link());
    this.#link = link;
    link.connection.on('state', (state) => {
      if (this.#link !== link) return;
      this.#watch.state(state);
      this.#options.changed();
    });
    for (const [name, track] of tracks) this.#add(link.connection, name, track);
    return link;
  }

  #drop(): void {
    const link = this.#link;
    this.#link = undefined;
    this.#stale ||= this.#published;
    this.#published = false;
    this.#lines.clear();
    link?.close();
  }
}

/** What differs otherwise can be changed without asking the server. */
function sameCoding(a: SentTrack, b: SentTrack): boolean {
  if (a.kind === 'audio') return b.kind === 'audio' && sameAudio(a.settings, b.settings);
  return (
    b.kind === 'video' && a.settings.codec === b.settings.codec && sameLayers(a.settings.layers, b.settings.layers)
  );
}
