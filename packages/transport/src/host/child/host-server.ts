import type { Socket } from 'node:net';
import { isSluiceError, toError } from '@sluice/core';
import { createInProcessHost } from '../engine/in-process-host.ts';
import { releaseMemory } from '../engine/release-memory.ts';
import { hostClosed } from '../host-errors.ts';
import type { HostAudioSource, HostConnection, HostSource, HostVideoSource, MediaHost } from '../media-host.ts';
import { type HostCommand, type HostEvent, hostCommand, parseControl } from './control-messages.ts';
import { Outgoing } from './outgoing.ts';
import { PictureLane, type SharedMemory } from './picture-lane.ts';
import { ALIVE_EVERY_MS } from './silence-count.ts';
import { decodeWrite, encodeControl, encodeProgress, WireReader, wireKinds } from './wire.ts';

/** Every so many closed connections garbage is collected. */
const COLLECT_AFTER = 16;
/** How long what is of no hurry waits for something else to leave with, in milliseconds: a tick and a half. */
const LATER_MS = 15;
/** The call number of faults of commands that expect no answer. */
const NO_CALL = 0;
/** Received audio is dropped while more than this waits for a parent that does not read, in bytes. */
const LONGEST_BACKLOG = 8 * 1024 * 1024;

/**
 * Serves the engine of this process to the parent at the other end of the pipe. Ends the process with the pipe.
 * `lookForParent` ends it when the parent is gone, whatever is still in the pipe.
 */
export function serveHost(pipe: Socket, memory: SharedMemory, lookForParent: () => void): void {
  new HostServer(pipe, memory, lookForParent);
}

class HostServer {
  readonly #pipe: Socket;
  readonly #host: MediaHost = createInProcessHost({ reusePictures: false });
  readonly #lane: PictureLane;
  readonly #sources = new Map<number, HostAudioSource>();
  readonly #videoSources = new Map<number, HostVideoSource>();
  readonly #connections = new Map<number, HostConnection>();
  readonly #out: Outgoing;
  readonly #progress: number[] = [];
  #flushing = false;
  #later: NodeJS.Timeout | undefined;
  #closed = 0;

  constructor(pipe: Socket, memory: SharedMemory, lookForParent: () => void) {
    this.#pipe = pipe;
    this.#out = new Outgoing(pipe);
    this.#lane = new PictureLane(memory, (head, bytes) => this.#sendPicture(head, bytes));
    const reader = new WireReader((kind, payload) => {
      lookForParent();
      if (kind === wireKinds.write) this.#write(payload);
      else if (kind === wireKinds.picture) this.#show(payload);
      else if (kind === wireKinds.taken) this.#lane.taken(payload);
      else this.#tryTo(parseControl(hostCommand, payload));
    });
    pipe.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch {
        // A parent that sends nonsense is not one to go on with; it sees this exit status.
        process.exit(2);
      }
    });
    // The parent is gone: nobody wants this process any more.
    pipe.on('end', () => process.exit(0));
    pipe.on('error', () => process.exit(0));
    setInterval(() => this.#send({ type: 'alive' }), ALIVE_EVERY_MS).unref();
    this.#send({ type: 'alive' });
  }

  #write(payload: Buffer): void {
    const { source, samples } = decodeWrite(payload);
    this.#sources.get(source)?.write(samples);
  }

  /** The engine has copied the picture when `write` returns. */
  #show(payload: Buffer): void {
    const { id, frame } = this.#lane.receive(payload);
    try {
      this.#videoSources.get(id)?.write(frame, () => {});
    } catch (error) {
      this.#fault(error);
    }
    frame.close();
  }

  /** A command that cannot be carried out (its source is gone) harms nothing else. */
  #tryTo(command: HostCommand): void {
    try {
      this.#obey(command);
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    this.#send({ type: 'fault', call: NO_CALL, code: codeOf(error), message: toError(error).message });
  }

  #obey(command: HostCommand): void {
    switch (command.type) {
      case 'create-source':
        return this.#createSource(command.id, command.options);
      case 'create-video-source':
        this.#videoSources.set(command.id, this.#host.createVideoSource(command.options));
        return;
      case 'flush':
        return this.#sources.get(command.id)?.flush();
      case 'clear':
        return this.#answer(command.call, async () => this.#source(command.id).clear(command.fadeMs));
      case 'pause':
        return this.#answer(command.call, async () => this.#source(command.id).pause(command.fadeMs));
      case 'resume':
        return this.#sources.get(command.id)?.resume();
      case 'close-source':
        this.#anySource(command.id)?.close();
        this.#sources.delete(command.id);
        this.#videoSources.delete(command.id);
        return;
      case 'create-connection':
        return this.#createConnection(command.id, command.options);
      case 'close-connection':
        this.#connections.get(command.id)?.close();
        this.#connections.delete(command.id);
        this.#lane.forget(command.id);
        return this.#collect();
      case 'host-stats':
        return this.#answer(command.call, async () => ({
          ...(await this.#host.stats()),
          picturesDropped: this.#lane.dropped,
        }));
      default:
        return this.#obeyConnection(command);
    }
  }

  #obeyConnection(command: Extract<HostCommand, { type: ConnectionCommand }>): void {
    const connection = this.#connections.get(command.id);
    switch (command.type) {
      case 'add-track': {
        const { name, settings } = command;
        const video = this.#videoSources.get(command.source);
        if (video !== undefined) return connection?.addTrack(name, video, settings);
        const audio = this.#sources.get(command.source);
        if (audio !== undefined) connection?.addTrack(name, audio, settings);
        return;
      }
      case 'replace-track': {
        const source = command.source === null ? null : this.#anySource(command.source);
        if (source !== undefined) connection?.replaceTrack(command.name, source);
        return;
      }
      case 'configure-track':
        return connection?.configureTrack(command.name, command.settings);
      case 'remove-track':
        return connection?.removeTrack(command.name);
      case 'set-ice':
        return connection?.setIce(command.settings);
      case 'receive':
        return connection?.receive(command.name, command.wanted);
    }
    this.#answer(command.call, async () => {
      if (connection === undefined) throw hostClosed(`connection ${command.id}`);
      switch (command.type) {
        case 'create-offer':
          return connection.createOffer({ iceRestart: command.iceRestart });
        case 'create-answer':
          return connection.createAnswer();
        case 'set-remote':
          return connection.setRemoteDescription(command.description);
        case 'rollback':
          return connection.rollback();
        case 'add-candidate':
          return connection.addIceCandidate(command.candidate);
        case 'connection-stats':
          return connection.stats();
      }
    });
  }

  #createSource(id: number, options: Parameters<MediaHost['createAudioSource']>[0]): void {
    const source = this.#host.createAudioSource(options);
    this.#sources.set(id, source);
    source.onProgress((progress) => {
      this.#progress.push(
        id,
        progress.played,
        progress.dropped,
        progress.silence,
        progress.underruns,
        progress.heldBack,
        progress.stalls,
        progress.missing,
      );
      this.#flushSoon();
    });
  }

  #createConnection(id: number, options: Parameters<MediaHost['createConnection']>[0]): void {
    const connection = this.#host.createConnection(options);
    this.#connections.set(id, connection);
    connection.on('candidate', (data) => this.#send({ type: 'candidate', id, data }));
    connection.on('gathered', () => this.#send({ type: 'gathered', id }));
    connection.on('iceError', (data) => this.#send({ type: 'ice-error', id, data }));
    connection.on('state', (data) => this.#send({ type: 'state', id, data }));
    connection.on('track', (data) => this.#send({ type: 'track', id, data }));
    connection.on('packets', (data) => this.#sendLater({ type: 'packets', id, data }));
    connection.on('audio', (audio) => {
      if (this.#pipe.writableLength > LONGEST_BACKLOG) return;
      const { name, samples, sampleRate, channels } = audio;
      this.#out.addAudio({ connection: id, name, samples, sampleRate, channels });
      this.#flushSoon();
    });
    connection.on('video', ({ name, picture }) =>
      this.#lane.send(id, name, picture, () => releaseMemory(picture.data)),
    );
  }

  /** The engine's native memory hangs on a few small objects, which V8 by itself sees no reason to collect. */
  #collect(): void {
    this.#closed++;
    const { gc } = globalThis as { readonly gc?: () => void };
    if (gc !== undefined && this.#closed % COLLECT_AFTER === 0) setImmediate(gc);
  }

  #source(id: number): HostAudioSource {
    const source = this.#sources.get(id);
    if (source === undefined) throw hostClosed(`audio source ${id}`);
    return source;
  }

  #anySource(id: number): HostSource | undefined {
    return this.#sources.get(id) ?? this.#videoSources.get(id);
  }

  #answer(call: number, work: () => Promise<unknown>): void {
    work().then(
      (value) => this.#send({ type: 'result', call, value: value ?? null }),
      (reason: unknown) => {
        this.#send({ type: 'fault', call, code: codeOf(reason), message: toError(reason).message });
      },
    );
  }

  #send(event: HostEvent): void {
    this.#flushProgress();
    this.#out.add(encodeControl(event));
    this.#flushSoon();
  }

  /** It leaves with what leaves next: a message alone wakes the parent. */
  #sendLater(event: HostEvent): void {
    this.#out.add(encodeControl(event));
    this.#later ??= setTimeout(this.#flush, LATER_MS);
  }

  #sendPicture(head: Buffer, bytes: Buffer | undefined): void {
    // Before the head: nothing may come between that and the bytes.
    this.#flushProgress();
    this.#out.add(head);
    if (bytes === undefined) this.#flushSoon();
    else this.#out.addLarge(bytes);
  }

  /** Everything of one turn of the loop leaves in one piece. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(this.#flush);
  }

  #flush = (): void => {
    this.#flushing = false;
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#flushProgress();
    this.#out.flush();
  };

  #flushProgress(): void {
    if (this.#progress.length === 0) return;
    this.#out.add(encodeProgress(this.#progress));
    this.#progress.length = 0;
  }
}

function codeOf(reason: unknown): string {
  return isSluiceError(reason) ? reason.code : 'SLUICE_HOST_NEGOTIATION';
}

type ConnectionCommand = Exclude<
  HostCommand['type'],
  | 'create-source'
  | 'create-video-source'
  | 'flush'
  | 'clear'
  | 'pause'
  | 'resume'
  | 'close-source'
  | 'create-connection'
  | 'close-connection'
  | 'host-stats'
>;
