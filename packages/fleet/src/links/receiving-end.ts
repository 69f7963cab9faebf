import { type ActorContext, type Frame, type Interruption, SampleMemory } from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { ArrivalTimeline } from './arrival-timeline.ts';
import { GraphInlet } from './graph-inlet.ts';
import {
  otherKind,
  otherReceiver,
  otherVersion,
  senderFailed,
  tooFarAhead,
  tooLarge,
  tooMuchTogether,
} from './link-faults.ts';
import type { LinkSubjects, LinkWire } from './link-wire.ts';
import { PassedInterruption } from './passed-interruption.ts';
import { newIdentity, Pulse } from './pulse.ts';
import type { RemoteLinkFigures } from './remote-link-figures.ts';
import type { ReceiverSettings } from './remote-link-options.ts';
import { type SenderMessageTaker, takeSenderMessage } from './sender-messages.ts';
import { ToldFaults } from './told-faults.ts';
import { decodeFrame } from './wire/decode-frame.ts';
import { frameFault } from './wire/frame-fault.ts';
import { FrameHeader } from './wire/frame-header.ts';
import { MOST_TOGETHER, sessionOf } from './wire/layout.ts';
import { Parts } from './wire/parts.ts';
import { encodeBye, encodeCredit, encodeRefusal } from './wire/receiver-notes.ts';
import type { Beat } from './wire/sender-notes.ts';

/** How many windows a sender can be ahead of what came of it: one is lost on its way, and another where it had missed the receiver. */
const MOST_WINDOWS_AHEAD = 4;

/** The receiver's side of a link: grants credit, puts what comes in its place, and hands it on while there is room. */
export class ReceivingEnd {
  readonly #wire: LinkWire;
  readonly #subjects: LinkSubjects;
  readonly #settings: ReceiverSettings;
  readonly #destination: Subscriber<Frame>;
  readonly #context: ActorContext;
  readonly #figures: RemoteLinkFigures;
  readonly #identity = newIdentity(Math.random);
  readonly #header = new FrameHeader();
  readonly #memory = new SampleMemory();
  readonly #inlet: GraphInlet;
  readonly #parts = new Parts();
  readonly #timeline: ArrivalTimeline;
  readonly #pulse: Pulse;
  readonly #undo: (() => unknown)[];
  /** The sender, or 0. */
  #session = 0;
  #lastSession = 0;
  #expected = 0;
  #epoch = 0;
  #voids = 0;
  #ended = false;
  #closed = false;
  /** Frames and bytes that were taken since the last credit. */
  #newFrames = 0;
  #newBytes = 0;
  /** Microseconds that went on into the graph, of this sender. */
  #media = 0;
  readonly #passed = new PassedInterruption();
  readonly #faults: ToldFaults;

  constructor(
    wire: LinkWire,
    subjects: LinkSubjects,
    settings: ReceiverSettings,
    destination: Subscriber<Frame>,
    context: ActorContext,
    figures: RemoteLinkFigures,
  ) {
    this.#wire = wire;
    this.#subjects = subjects;
    this.#settings = settings;
    this.#destination = destination;
    this.#context = context;
    this.#figures = figures;
    this.#faults = new ToldFaults((error) => context.report(error));
    this.#timeline = new ArrivalTimeline(context.clock);
    this.#inlet = new GraphInlet({
      context,
      destination,
      goesOn: (media) => {
        this.#media += media;
      },
      wentOn: (bytes) => this.#taken(bytes),
      emptied: () => this.#finish(),
    });
    this.#undo = [
      wire.subscribe(subjects.frames, (message) => this.#take(message)),
      wire.onLost((error) => destination.error(error)),
      wire.onBack(() => this.#tick()),
      context.onInterrupt((interruption) => this.#interrupted(interruption)),
    ];
    this.#pulse = new Pulse(context.clock, () => this.#tick());
    this.#credit();
  }

  /** Whether there is a sender. */
  get fed(): boolean {
    return this.#session !== 0;
  }

  close(): void {
    const [session, receiver, taken] = [this.#session, this.#identity, this.#expected - this.#inlet.size];
    const done = this.#ended && this.#inlet.size === 0;
    this.#credit(done);
    this.#wire.publish(this.#subjects.credit, encodeBye({ session, receiver, taken, done }));
    this.#closed = true;
    this.#pulse.stop();
    this.#inlet.close();
    for (const undo of this.#undo.splice(0)) undo();
  }

  #take(message: Uint8Array): void {
    try {
      takeSenderMessage(message, this.#taker);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    this.#figures.refused++;
    this.#faults.tell(error);
  }

  readonly #taker: SenderMessageTaker = {
    frame: (message) => this.#frames(message),
    part: (message) => this.#part(message),
    beat: (beat) => this.#beat(beat),
    failed: (session, failure) => {
      if (session === this.#session) this.#destination.error(senderFailed(this.#subjects.frames, failure));
    },
    refused: (whom) => {
      if (whom === this.#identity) this.#destination.error(otherReceiver(this.#subjects.frames));
    },
    otherVersion: (session, version) => {
      // Who was understood before speaks this version: what came in its name is not its own.
      if (session !== this.#session) this.#wire.publish(this.#subjects.credit, encodeRefusal(session, 'version'));
      throw otherVersion(version);
    },
  };

  #part(part: Uint8Array): void {
    if (sessionOf(part) !== this.#session) {
      this.#figures.refused++;
      return;
    }
    this.#spoken();
    const message = this.#parts.add(part, this.#settings.maxFrameBytes);
    if (message !== undefined) this.#frames(message);
  }

  /** One frame, or those of a turn, each behind the other: what is wrong with one takes none of the others along. */
  #frames(message: Uint8Array): void {
    const header = this.#header;
    for (let rest = message; rest.length > 0; rest = rest.subarray(header.length)) {
      header.read(rest);
      if (header.length === message.length) return this.#frame(message);
      if (message.length > MOST_TOGETHER) throw tooMuchTogether(message.length);
      try {
        this.#frame(rest.subarray(0, header.length));
      } catch (error) {
        this.#refuse(error);
      }
    }
  }

  #frame(message: Uint8Array): void {
    const header = this.#header;
    const { maxFrameBytes } = this.#settings;
    if (message.length > maxFrameBytes) throw tooLarge(message.length, maxFrameBytes);
    if (header.session !== this.#session) {
      this.#figures.refused++;
      return;
    }
    this.#checkAhead(header.sequence);
    this.#spoken();
    // One that came twice, or after it was given up.
    if (header.sequence < this.#expected) {
      this.#figures.refused++;
      return;
    }
    this.#skipTo(header.sequence);
    this.#expected++;
    if (header.epoch > this.#epoch) this.#cut(header.epoch);
    if (header.voids < this.#voids) {
      this.#figures.voidFrames++;
      this.#timeline.skip();
      return this.#taken(message.length);
    }
    try {
      this.#place(message);
    } catch (error) {
      this.#lose(1);
      this.#taken(message.length);
      throw error;
    }
  }

  #place(message: Uint8Array): void {
    const { windowFrames, windowBytes } = this.#settings;
    if (this.#inlet.size >= windowFrames || this.#inlet.bytes >= windowBytes)
      throw frameFault('a sender has sent more than it had credit for', {
        expected: `at most ${windowFrames} frames, and none beyond ${windowBytes} bytes, before they are taken`,
        received: `${this.#inlet.size} frames, ${this.#inlet.bytes} bytes`,
      });
    this.#figures.lostMs += this.#timeline.place(this.#header);
    const frame = decodeFrame(message, this.#header, this.#memory);
    if (frame.kind !== this.#settings.kind) {
      frame.close?.();
      throw otherKind(frame.kind, this.#settings.kind);
    }
    this.#timeline.came(frame);
    this.#figures.frames++;
    this.#figures.bytes += message.length;
    this.#inlet.put(frame, message.length);
  }

  /** Credit is told a quarter of the window at a time: often enough that nobody waits for it. */
  #taken(bytes: number): void {
    this.#newFrames++;
    this.#newBytes += bytes;
    const { windowFrames, windowBytes } = this.#settings;
    if (this.#newFrames * 4 >= windowFrames || this.#newBytes * 4 >= windowBytes) this.#credit();
  }

  #credit(done = false): void {
    if (this.#closed) return;
    this.#newFrames = 0;
    this.#newBytes = 0;
    this.#wire.publish(
      this.#subjects.credit,
      encodeCredit({
        session: this.#session,
        receiver: this.#identity,
        taken: this.#expected - this.#inlet.size,
        voids: this.#voids,
        frames: this.#settings.windowFrames,
        bytes: this.#settings.windowBytes,
        together: MOST_TOGETHER,
        media: this.#media,
        done,
      }),
    );
  }

  #beat(beat: Beat): void {
    if (beat.receiver !== this.#identity && beat.session === this.#session) this.#leave();
    if (this.#session === 0 && beat.receiver === this.#identity) this.#bind(beat);
    if (this.#session === 0) return this.#credit();
    if (beat.session !== this.#session) {
      this.#pulse.claimed(beat.session);
      return;
    }
    this.#checkAhead(beat.sequence);
    this.#spoken();
    this.#skipTo(beat.sequence);
    if (beat.epoch > this.#epoch) this.#cut(beat.epoch);
    if (!beat.ended) return;
    this.#ended = true;
    this.#finish();
  }

  #bind({ session, sequence, epoch }: Beat): void {
    this.#session = session;
    this.#figures.connections++;
    this.#pulse.reset();
    if (session !== this.#lastSession) {
      this.#lastSession = session;
      this.#expected = sequence;
      this.#epoch = epoch;
      this.#media = 0;
      this.#ended = false;
      this.#timeline.changeSender();
    } else this.#skipTo(sequence);
    this.#credit();
  }

  #spoken(): void {
    const rival = this.#pulse.heard();
    if (rival !== 0) this.#wire.publish(this.#subjects.credit, encodeRefusal(rival, 'sender'));
  }

  #finish(): void {
    if (this.#ended && this.#inlet.size === 0) this.#destination.complete();
  }

  /** A sender waits for credit. What is further ahead is none of its, and would make all that it really sends look old. */
  #checkAhead(sequence: number): void {
    const most = this.#expected + MOST_WINDOWS_AHEAD * this.#settings.windowFrames;
    if (sequence > most) throw tooFarAhead(sequence, most);
  }

  /** Messages of one sender come in order: what is before this frame and did not come is lost. */
  #skipTo(sequence: number): void {
    if (sequence <= this.#expected) return;
    this.#lose(sequence - this.#expected);
    this.#expected = sequence;
  }

  #lose(frames: number): void {
    this.#figures.lostFrames += frames;
    this.#timeline.lose();
  }

  /** The sender was interrupted: what waits here is void, and what went on is the graph's. */
  #cut(epoch: number): void {
    this.#epoch = epoch;
    this.#figures.voidFrames += this.#inlet.size;
    this.#inlet.clear();
    this.#timeline.skip();
    this.#passed.pass(this.#settings.onInterrupt, (error) => this.#context.report(error));
    this.#credit();
  }

  #interrupted(interruption: Interruption): void {
    this.#figures.voidFrames += this.#inlet.size;
    interruption.dropped(this.#inlet.clear());
    this.#timeline.skip();
    // What follows from an interruption of the sender is not told to it again.
    if (!this.#passed.passing) this.#voids++;
    this.#credit();
  }

  /** The sender is gone, or serves somebody else. */
  #leave(): void {
    this.#session = 0;
    this.#parts.clear();
    this.#pulse.reset();
  }

  #tick(): void {
    if (!this.#wire.connected) this.#pulse.rest();
    if (this.#session !== 0 && this.#pulse.silent) this.#leave();
    this.#credit();
  }
}
