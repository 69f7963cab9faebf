import {
  type ActorContext,
  closeFrame,
  type Frame,
  type Gap,
  type Interruption,
  isSluiceError,
  joinGaps,
  type Micros,
  type SinkWriter,
  type SluiceError,
  toError,
} from '@sluice/core';
import { CreditWindow } from './credit-window.ts';
import { otherReceiverVersion, otherSender, receiverGone } from './link-faults.ts';
import type { LinkSubjects, LinkWire } from './link-wire.ts';
import { OutgoingFrames } from './outgoing-frames.ts';
import { PassedInterruption } from './passed-interruption.ts';
import { newIdentity, Pulse } from './pulse.ts';
import type { RemoteLinkFigures } from './remote-link-figures.ts';
import type { SenderSettings } from './remote-link-options.ts';
import { ToldFaults } from './told-faults.ts';
import { encodeFrame, type FrameStamp } from './wire/encode-frame.ts';
import { At, MessageKind, MOST_TOGETHER, VERSION, versionOf } from './wire/layout.ts';
import { OutgoingMemory } from './wire/outgoing-memory.ts';
import { partsOf } from './wire/parts.ts';
import { type Bye, type Credit, decodeBye, decodeCredit, decodeRefusal, encodeRefusal } from './wire/receiver-notes.ts';
import { encodeBeat, encodeFailure } from './wire/sender-notes.ts';

/** A frame that waits for credit, and who is held back meanwhile. */
interface Held {
  readonly frame: Frame;
  readonly go: () => void;
  readonly fail: (error: Error) => void;
}

/** The sender's side of a link: sends while its receiver has room, and holds its graph back otherwise. */
export class SendingEnd implements SinkWriter<Frame> {
  readonly #wire: LinkWire;
  readonly #subjects: LinkSubjects;
  readonly #settings: SenderSettings;
  readonly #context: ActorContext;
  readonly #figures: RemoteLinkFigures;
  readonly #memory = new OutgoingMemory();
  readonly #outgoing = new OutgoingFrames((message) => this.#publish(message));
  readonly #window = new CreditWindow();
  readonly #stamp: FrameStamp;
  readonly #pulse: Pulse;
  readonly #undo: (() => unknown)[];
  readonly #faults: ToldFaults;
  #receiver = 0;
  #lastReceiver = 0;
  #held: Held | undefined;
  #lost: Gap | undefined;
  #ended: { readonly done: () => void; readonly fail: (error: Error) => void } | undefined;
  #fault: Error | undefined;
  /** The receiver's interruption is being told: what follows from it here is no new one. */
  readonly #passed = new PassedInterruption();
  /** Microseconds that receivers took: of former ones, and of this one. */
  #mediaBefore = 0;
  #media = 0;

  constructor(
    wire: LinkWire,
    subjects: LinkSubjects,
    settings: SenderSettings,
    context: ActorContext,
    figures: RemoteLinkFigures,
  ) {
    this.#wire = wire;
    this.#subjects = subjects;
    this.#settings = settings;
    this.#context = context;
    this.#figures = figures;
    this.#faults = new ToldFaults((error) => context.report(error));
    this.#stamp = { session: newIdentity(Math.random), sequence: 0, epoch: 0, voids: 0, gap: undefined };
    this.#undo = [
      wire.subscribe(subjects.credit, (message) => this.#take(message)),
      wire.onLost((error) => this.#fail(error)),
      wire.onBack(() => this.#tick()),
      context.onInterrupt((interruption) => this.#interrupted(interruption)),
    ];
    this.#pulse = new Pulse(context.clock, () => this.#tick());
    this.#beat();
  }

  /** Whether somebody reads. */
  get heard(): boolean {
    return this.#receiver !== 0;
  }

  write(frame: Frame): void | Promise<void> {
    if (this.#fault !== undefined) {
      closeFrame(frame);
      throw this.#fault;
    }
    if (this.#ready) return this.#send(frame);
    return new Promise<void>((go, fail) => {
      this.#held = { frame, go, fail };
    });
  }

  /** Microseconds that went on into the receiver's graph. */
  played(): number {
    return this.#mediaBefore + this.#media;
  }

  async end(): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    try {
      await new Promise<void>((done, fail) => {
        this.#ended = { done, fail };
        const { signal } = this.#context;
        signal.addEventListener('abort', () => fail(toError(signal.reason)), { once: true });
        this.#beat();
      });
    } finally {
      this.#close();
    }
  }

  abort(reason: Error): void {
    const code = isSluiceError(reason) ? reason.code : reason.name;
    this.#say(encodeFailure(this.#stamp.session, { code, message: reason.message }));
    this.#drop();
    this.#close();
  }

  #send(frame: Frame): void {
    const stamp = this.#stamp;
    try {
      stamp.sequence = this.#window.next;
      stamp.gap = this.#lost === undefined ? frame.gap : joinGaps(this.#lost, frame.gap);
      const message = encodeFrame(frame, stamp, this.#memory, this.#settings.maxFrameBytes);
      this.#window.sent(message.length, frame.duration ?? 0);
      this.#lost = undefined;
      this.#figures.frames++;
      this.#figures.bytes += message.length;
      this.#outgoing.add(message);
    } finally {
      closeFrame(frame);
    }
  }

  /** Says something of itself, behind the frames of which it speaks. */
  #say(message: Uint8Array): void {
    this.#outgoing.flush();
    this.#wire.publish(this.#subjects.frames, message);
  }

  #publish(message: Uint8Array): void {
    const { frames } = this.#subjects;
    const { mostBytes } = this.#wire;
    if (message.length <= mostBytes) return this.#wire.publish(frames, message);
    for (const part of partsOf(message, mostBytes)) this.#wire.publish(frames, part);
  }

  /** While NATS is away a frame waits here, and does not go where nobody is. */
  get #ready(): boolean {
    return this.#window.open && this.#wire.connected;
  }

  #take(message: Uint8Array): void {
    try {
      const version = versionOf(message);
      const kind = message[At.kind];
      if (version !== VERSION && kind !== MessageKind.refuse) this.#figures.refused++;
      else if (kind === MessageKind.credit) this.#credit(decodeCredit(message));
      else if (kind === MessageKind.bye) this.#bye(decodeBye(message));
      else if (kind === MessageKind.refuse) this.#refused(message);
      else this.#figures.refused++;
    } catch (error) {
      this.#figures.refused++;
      this.#faults.tell(error);
    }
  }

  #credit(credit: Credit): void {
    const { session, receiver } = credit;
    if (this.#receiver === 0 && (session === this.#stamp.session || session === 0)) this.#bind(credit);
    if (receiver !== this.#receiver) {
      if (this.#receiver !== 0 && session === 0) this.#pulse.claimed(receiver);
      return;
    }
    this.#spoken();
    // It looks for a sender, and may have this one; or it has another one, which is for it to say.
    if (session === 0) return this.#beat();
    if (session !== this.#stamp.session) return;
    if (credit.voids > this.#stamp.voids) this.#voided(credit.voids);
    this.#media = Math.max(this.#media, Math.min(credit.media, this.#window.mediaSent));
    this.#window.grant(credit);
    this.#memory.came(this.#window.first);
    this.#outgoing.mostBytes = Math.min(credit.together, MOST_TOGETHER, this.#wire.mostBytes);
    if (credit.done) this.#ended?.done();
    this.#flush();
  }

  #bind({ receiver, voids }: Credit): void {
    this.#receiver = receiver;
    this.#pulse.reset();
    this.#figures.connections++;
    if (receiver !== this.#lastReceiver) {
      this.#mediaBefore += this.#media;
      this.#media = 0;
    }
    this.#lastReceiver = receiver;
    // What a receiver interrupted before is nothing to this sender.
    this.#stamp.voids = voids;
  }

  #spoken(): void {
    const rival = this.#pulse.heard();
    if (rival !== 0) this.#say(encodeRefusal(rival, 'receiver'));
  }

  #bye({ session, receiver, taken, done }: Bye): void {
    if (receiver !== this.#receiver) return;
    if (session === this.#stamp.session) this.#window.over(taken);
    if (done) this.#ended?.done();
    this.#unbind();
  }

  /** What is on its way comes to nobody; the next receiver is told. */
  #unbind(): void {
    const { framesUnderWay, mediaUnderWay } = this.#window;
    this.#receiver = 0;
    this.#pulse.reset();
    this.#window.close();
    if (framesUnderWay > 0) {
      this.#figures.lostFrames += framesUnderWay;
      this.#figures.lostMs += mediaUnderWay / 1_000;
      this.#lost = joinGaps(this.#lost, { duration: mediaUnderWay as Micros, reason: 'disconnected' });
    }
    if (this.#ended === undefined) return;
    if (framesUnderWay === 0) this.#ended.done();
    else this.#ended.fail(receiverGone(this.#subjects.frames, framesUnderWay));
  }

  #flush(): void {
    const held = this.#held;
    if (held === undefined || !this.#ready) return;
    this.#held = undefined;
    try {
      this.#send(held.frame);
      held.go();
    } catch (error) {
      held.fail(error as Error);
    }
  }

  /** The receiver was interrupted: what was made before is void. */
  #voided(voids: number): void {
    this.#stamp.voids = voids;
    this.#drop();
    this.#passed.pass(this.#settings.onInterrupt, (error) => this.#context.report(error));
    this.#beat();
  }

  #interrupted(interruption: Interruption): void {
    interruption.dropped(this.#window.mediaUnderWay + (this.#held?.frame.duration ?? 0));
    if (!this.#passed.passing) this.#stamp.epoch++;
    this.#drop();
    this.#lost = undefined;
    if (!this.#passed.passing) this.#beat();
  }

  #drop(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    closeFrame(held.frame);
    held.go();
  }

  #tick(): void {
    if (!this.#wire.connected) this.#pulse.rest();
    if (this.#receiver !== 0 && this.#pulse.silent) this.#unbind();
    this.#beat();
    this.#flush();
  }

  #beat(): void {
    // What a change of the graph makes of its source is seen with the next beat.
    this.#window.live = this.#context.paced;
    const { session, epoch, voids } = this.#stamp;
    const ended = this.#ended !== undefined;
    this.#say(encodeBeat({ session, receiver: this.#receiver, sequence: this.#window.next, epoch, voids, ended }));
  }

  #refused(message: Uint8Array): void {
    const { whom, why, version } = decodeRefusal(message);
    if (whom !== this.#stamp.session) return;
    const { frames } = this.#subjects;
    this.#fail(why === 'version' ? otherReceiverVersion(frames, version) : otherSender(frames));
  }

  #fail(error: SluiceError | Error): void {
    this.#fault ??= error;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) closeFrame(held.frame);
    // Where nobody waits it would be told with the next frame, which may never come.
    if (held === undefined && this.#ended === undefined) this.#context.report(error);
    held?.fail(error);
    this.#ended?.fail(error);
  }

  #close(): void {
    this.#pulse.stop();
    for (const undo of this.#undo.splice(0)) undo();
  }
}
