import type { Cancel } from '@sluice/core';
import { hostClosed } from '../host-errors.ts';
import { Listeners } from '../listeners.ts';
import type {
  AudioSendSettings,
  HostConnection,
  HostConnectionEvents,
  HostConnectionStats,
  HostIceCandidate,
  HostSessionDescription,
  HostSource,
  IceSettings,
  VideoSendSettings,
} from '../media-host.ts';
import { copyIce } from './copy-ice.ts';
import type { EngineAnswer, QuestionType } from './engine-answers.ts';
import type { EngineLink, QuestionOf } from './engine-link.ts';
import { RemoteSource } from './remote-source.ts';
import { RemoteVideoSource } from './remote-video-source.ts';

type Events = { [K in keyof HostConnectionEvents]: Listeners<HostConnectionEvents[K]> };

/** The parent's side of a connection in the child. */
export class RemoteConnection implements HostConnection {
  readonly id: number;
  readonly #link: EngineLink;
  readonly #onClose: () => void;
  readonly #tracks = new Map<string, 'audio' | 'video'>();
  readonly #events: Events = {
    candidate: new Listeners(),
    gathered: new Listeners(),
    iceError: new Listeners(),
    state: new Listeners(),
    track: new Listeners(),
    audio: new Listeners(),
    video: new Listeners(),
    packets: new Listeners(),
  };
  #closed = false;

  constructor(id: number, link: EngineLink, onClose: () => void) {
    this.id = id;
    this.#link = link;
    this.#onClose = onClose;
  }

  addTrack(name: string, source: HostSource, settings: AudioSendSettings & VideoSendSettings = {}): void {
    this.#checkOpen();
    const kind = source instanceof RemoteVideoSource ? 'video' : 'audio';
    const sourceId = this.#idOf(kind, source);
    this.#tracks.set(name, kind);
    this.#link.tell({ type: 'add-track', id: this.id, name, source: sourceId, settings });
  }

  replaceTrack(name: string, source: HostSource | null): void {
    this.#checkOpen();
    const kind = this.#tracks.get(name);
    if (kind === undefined) throw hostClosed(`track ${name}`);
    const sourceId = source === null ? null : this.#idOf(kind, source);
    this.#link.tell({ type: 'replace-track', id: this.id, name, source: sourceId });
  }

  configureTrack(name: string, settings: VideoSendSettings): void {
    this.#checkOpen();
    if (this.#tracks.get(name) !== 'video') throw hostClosed(`video track ${name}`);
    this.#link.tell({ type: 'configure-track', id: this.id, name, settings });
  }

  removeTrack(name: string): void {
    this.#tracks.delete(name);
    this.#link.tell({ type: 'remove-track', id: this.id, name });
  }

  createOffer(options: { readonly iceRestart?: boolean } = {}): Promise<HostSessionDescription> {
    const iceRestart = options.iceRestart === true;
    return this.#ask<'create-offer'>({ type: 'create-offer', id: this.id, iceRestart });
  }

  createAnswer(): Promise<HostSessionDescription> {
    return this.#ask<'create-answer'>({ type: 'create-answer', id: this.id });
  }

  async setRemoteDescription(description: HostSessionDescription): Promise<void> {
    const { type, sdp, tracks } = description;
    const mutable = tracks.map(({ mid, name }) => ({ mid, name }));
    await this.#ask({ type: 'set-remote', id: this.id, description: { type, sdp, tracks: mutable } });
  }

  async rollback(): Promise<void> {
    await this.#ask({ type: 'rollback', id: this.id });
  }

  async addIceCandidate(candidate: HostIceCandidate): Promise<void> {
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    const fragment = usernameFragment === undefined ? {} : { usernameFragment };
    const copy = { candidate: candidate.candidate, sdpMid, sdpMLineIndex, ...fragment };
    await this.#ask({ type: 'add-candidate', id: this.id, candidate: copy });
  }

  setIce(settings: IceSettings): void {
    this.#checkOpen();
    this.#link.tell({ type: 'set-ice', id: this.id, settings: copyIce(settings) });
  }

  receive(name: string, wanted: boolean): void {
    this.#link.tell({ type: 'receive', id: this.id, name, wanted });
  }

  async stats(): Promise<HostConnectionStats> {
    const stats = await this.#ask<'connection-stats'>({ type: 'connection-stats', id: this.id });
    // Over there it has another number.
    return { ...stats, id: this.id };
  }

  on<K extends keyof HostConnectionEvents>(event: K, listener: (data: HostConnectionEvents[K]) => void): Cancel {
    const listeners: Listeners<HostConnectionEvents[K]> = this.#events[event];
    return listeners.add(listener);
  }

  /** What the child says of this connection. */
  emit<K extends keyof HostConnectionEvents>(event: K, data: HostConnectionEvents[K]): void {
    if (this.#closed) return;
    const listeners: Listeners<HostConnectionEvents[K]> = this.#events[event];
    listeners.emit(data);
  }

  close(): void {
    if (this.#closed) return;
    this.#link.tell({ type: 'close-connection', id: this.id });
    this.#onClose();
    this.emit('state', 'closed');
    this.#closed = true;
  }

  async #ask<T extends QuestionType>(question: QuestionOf<T>): Promise<EngineAnswer<T>> {
    this.#checkOpen();
    const value = await this.#link.ask(question);
    this.#checkOpen();
    return value;
  }

  #idOf(kind: 'audio' | 'video', source: HostSource): number {
    const fits = source instanceof (kind === 'audio' ? RemoteSource : RemoteVideoSource);
    if (!fits || (source.link !== this.#link && !source.link.down))
      throw hostClosed(`${kind} source ${source.id} of another host`);
    return source.id;
  }

  #checkOpen(): void {
    if (this.#closed) throw hostClosed(`connection ${this.id}`);
  }
}
