import { micros, type VideoFrame, videoFramePool } from '@sluice/core';
import type { HostPicture } from '../media-host.ts';
import { OverdueCount } from './overdue-count.ts';
import { readSlot, SlotWriter } from './shared-slots.ts';
import { brokenWire } from './wire.ts';
import { decodePicture, decodeTaken, encodePictureHead, encodeTaken } from './wire-pictures.ts';

/** Descriptors of the memory that both processes share; undefined where there is none, and the pipe carries the bytes. */
export interface SharedMemory {
  readonly send: number | undefined;
  readonly receive: number | undefined;
}

/** The argument that tells the child that it has inherited such descriptors. */
export const SHARED_MEMORY = 'shared-memory';

/** The most pictures of one source or track that are on their way and not taken yet. One more waits: the newest. */
export const MOST_UNDER_WAY = 2;

interface Sent {
  readonly picture: HostPicture;
  readonly taken: () => void;
}

/** Pictures of one source or track. */
interface Way {
  readonly id: number;
  readonly name: string;
  underWay: number;
  waiting: Sent | undefined;
}

interface UnderWay {
  readonly way: Way;
  readonly slot: number | undefined;
  readonly taken: () => void;
}

/**
 * One end of the way of pictures between two processes: into shared memory while there is room there, else behind their
 * message in the pipe. Each picture is answered by a receipt, so that what is under way is bounded whatever the other
 * process does; when it is slow the newest picture waits, and older ones are dropped and counted.
 */
export class PictureLane {
  readonly #receive: number | undefined;
  readonly #slots: SlotWriter | undefined;
  readonly #write: (head: Buffer, bytes?: Buffer) => void;
  /** Those with pictures under way. */
  readonly #ways = new Map<string, Way>();
  readonly #underWay = new Map<number, UnderWay>();
  readonly #overdue = new OverdueCount();
  #serial = 0;
  #dropped = 0;
  #over = false;

  /** `write` takes a message and, where they do not go through shared memory, the bytes that have to follow it. */
  constructor(memory: SharedMemory, write: (head: Buffer, bytes?: Buffer) => void) {
    this.#receive = memory.receive;
    this.#slots = memory.send === undefined ? undefined : new SlotWriter(memory.send);
    this.#write = write;
  }

  /** Pictures that were given up for newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** `taken` is called once: when the other side has read the picture, or when it is not going to. */
  send(id: number, name: string, picture: HostPicture, taken: () => void): void {
    if (this.#over) return taken();
    const key = keyOf(id, name);
    const way = this.#ways.get(key) ?? { id, name, underWay: 0, waiting: undefined };
    this.#ways.set(key, way);
    if (way.underWay < MOST_UNDER_WAY) return this.#dispatch(way, { picture, taken });
    const former = way.waiting;
    way.waiting = { picture, taken };
    if (former === undefined) return;
    this.#dropped++;
    former.taken();
  }

  /** A receipt of the other side. */
  taken(payload: Buffer): void {
    const serial = decodeTaken(payload);
    const sent = this.#underWay.get(serial);
    if (sent === undefined) return;
    this.#underWay.delete(serial);
    this.#overdue.settled();
    const { way, slot } = sent;
    if (slot !== undefined) this.#slots?.release(slot);
    way.underWay--;
    const next = way.waiting;
    way.waiting = undefined;
    if (next !== undefined) this.#dispatch(way, next);
    else if (way.underWay === 0) this.#ways.delete(keyOf(way.id, way.name));
    sent.taken();
  }

  /** For how many looks pictures are under way without any receipt. */
  look(): number {
    return this.#overdue.look(this.#underWay.size > 0);
  }

  /** A picture of the other side, in a frame on pooled memory without a time. Its receipt is sent. */
  receive(payload: Buffer): { readonly id: number; readonly name: string; readonly frame: VideoFrame } {
    const { id, name, serial, width, height, colorSpace, offset, bytes } = decodePicture(payload);
    const frame = videoFramePool.frame(
      { width, height, format: 'I420', colorSpace, timestamp: micros(0) },
      'media host',
    );
    if (offset === undefined) bytes.copy(frame.data);
    else if (this.#receive === undefined || !readSlot(this.#receive, offset, frame.data)) {
      frame.close();
      throw brokenWire('a picture that is not there');
    }
    this.#write(encodeTaken(serial));
    return { id, name, frame };
  }

  /** A source or connection is gone: what waits for it is not sent. */
  forget(id: number): void {
    for (const way of this.#ways.values()) {
      if (way.id !== id) continue;
      const { waiting } = way;
      way.waiting = undefined;
      waiting?.taken();
    }
  }

  /** The other process is gone. */
  end(): void {
    this.#over = true;
    const all = [...this.#underWay.values(), ...[...this.#ways.values()].flatMap(({ waiting }) => waiting ?? [])];
    this.#underWay.clear();
    this.#ways.clear();
    for (const { taken } of all) taken();
  }

  #dispatch(way: Way, { picture, taken }: Sent): void {
    const { width, height, colorSpace = 'bt601', data } = picture;
    const shared = this.#slots?.write(data);
    // Serials wrap around long after their picture was taken.
    const serial = this.#serial++ >>> 0;
    way.underWay++;
    this.#underWay.set(serial, { way, slot: shared?.slot, taken });
    const following = shared === undefined ? data.length : 0;
    const { id, name } = way;
    const head = encodePictureHead({ id, name, serial, width, height, colorSpace, offset: shared?.offset }, following);
    if (shared === undefined) this.#write(head, Buffer.from(data.buffer, data.byteOffset, data.length));
    else this.#write(head);
  }
}

function keyOf(id: number, name: string): string {
  return `${id} ${name}`;
}
