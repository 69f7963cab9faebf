import { createHash } from 'node:crypto';
import { type AudioFrame, createOperator, type Graph, graph } from '@sluice/core';
import { seededRandom, type VirtualClock } from '@sluice/core/testing';
import { fakeVoiceDetector } from '@sluice/core/voice';
import { fromTone, level, mixer, remix, resample, vad } from '@sluice/nodes';
import { type PlayoutReceipt, toMicrophone } from '@sluice/transport';
import { type VirtualDevices, virtualDevices } from '@sluice/transport/testing';
import { FaultyVoice } from './faulty-voice.ts';
import { LinkAccounts } from './link-accounts.ts';
import { SampleRecorder } from './sample-recorder.ts';
import type { SoakFault } from './soak-plan.ts';

export const RATE = 16_000;
/** What waits for a recorder whose disk stands still: more than the longest stall of the plan. */
const RECORDER_MS = 8_000;
/** More than the plan can ask for within five seconds. */
const RESTARTS = 50;

export interface SoakGraphOptions {
  readonly clock: VirtualClock;
  readonly seed: number;
  /** Media time at which the voice begins, in milliseconds. */
  readonly startMs?: number;
}

/** A voice of a bad microphone and music on a mixer, into a device, a recorder and ears; and what breaks them. */
export class SoakGraph {
  readonly graph: Graph;
  readonly voice: FaultyVoice;
  readonly recorder = new SampleRecorder();
  readonly devices: VirtualDevices;
  readonly accounts: LinkAccounts;
  readonly microphone;
  /** Utterances that were asked for, and receipts of them that have settled. */
  utterances = 0;
  settled = 0;
  /** Turns that the detector told: begins, and ends. */
  begins = 0;
  ends = 0;
  errors = 0;
  readonly #clock: VirtualClock;
  readonly #sent = createHash('sha256');
  readonly #desk;
  readonly #sink;
  #throws = { resume: 0, restart: 0 };
  #guests = 0;

  constructor({ clock, seed, startMs = 0 }: SoakGraphOptions) {
    this.#clock = clock;
    this.devices = virtualDevices({
      clock,
      keep: false,
      onSound: ({ samples }) =>
        this.#sent.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)),
    });
    this.microphone = this.devices.createMicrophoneDevice('soak', { sampleRate: RATE, channels: 1 });
    this.#sink = toMicrophone(this.microphone);
    this.graph = graph('soak', { clock, random: seededRandom(seed) });
    this.voice = new FaultyVoice(startMs);
    this.voice.onUtterance = (id) => this.#follow(this.#sink.utterance(id));
    this.#desk = this.graph.add(mixer({ sampleRate: RATE }));
    const ears = this.graph.add(vad({ detector: fakeVoiceDetector() }));
    const clean = this.graph
      .from(this.voice.source())
      .pipe(remix({ channels: 1 }), resample({ sampleRate: RATE, quality: 'fast' }))
      .with({ name: 'resuming', onError: 'resume' })
      .pipe(this.#faulty('resume'))
      .with({ name: 'restarting', onError: 'restart', restart: { max: RESTARTS } })
      .pipe(this.#faulty('restart'), level());
    clean.to(this.#desk.input('voice'));
    clean.to(ears.in.in);
    ears.out.speech.to({ next: ({ speaking }) => void (speaking ? this.begins++ : this.ends++) });
    this.graph.from(this.#tone(200)).to(this.#desk.input('music', { duck: { under: 'voice', db: -12 } }));
    const mixed = this.#desk.out.out;
    mixed.to(this.#sink);
    mixed.with({ link: { policy: 'block', capacity: { ms: RECORDER_MS } } }).to(this.recorder.sink());
    this.accounts = new LinkAccounts(this.graph);
  }

  /** Of all that left: what was recorded, and what the device sent. */
  digest(): string {
    return createHash('sha256').update(this.recorder.digest()).update(this.#sent.copy().digest()).digest('hex');
  }

  /** Does what the plan says, now. */
  async break({ kind, ms, choice }: SoakFault): Promise<void> {
    const { voice } = this;
    switch (kind) {
      case 'node throws':
        this.#throws.resume = 1 + Math.floor(3 * choice);
        return;
      case 'node restarts':
        this.#throws.restart = 1;
        return;
      case 'source starves':
        voice.starving = true;
        return this.#later(ms, () => {
          voice.starving = false;
        });
      case 'format changes':
        return voice.changeFormat(choice);
      case 'interrupt':
        return this.accounts.interrupt();
      case 'sink stalls':
        return this.recorder.stall(ms);
      case 'branch comes':
        return this.#bringGuest(ms);
      case 'rate drifts':
        voice.ppm = 400 * choice - 200;
    }
  }

  async close(): Promise<void> {
    const stopped = this.graph.stop();
    await this.#clock.run({ until: stopped, limitMs: 20_000 });
    await stopped;
    await this.devices.close();
  }

  #faulty(how: 'resume' | 'restart') {
    return createOperator<AudioFrame, AudioFrame>({ name: 'faulty' }, (destination) => ({
      next: (frame) => {
        if (this.#throws[how] === 0) return destination.next(frame);
        this.#throws[how]--;
        this.errors++;
        frame.close();
        throw new Error('a fault of the plan');
      },
    }));
  }

  async #bringGuest(ms: number): Promise<void> {
    const name = `guest-${++this.#guests}`;
    await this.graph.change((edit) => void edit.from(this.#tone(900), { name }).to(this.#desk.input(name)));
    this.#later(ms, () => void this.graph.change((edit) => edit.remove(name)));
  }

  #tone(frequency: number) {
    return fromTone({ frequency, sampleRate: RATE, amplitude: 0.1, live: true });
  }

  #follow({ finished }: PlayoutReceipt): void {
    this.utterances++;
    void finished.then(() => this.settled++);
  }

  #later(ms: number, then: () => void): void {
    this.#clock.at(this.#clock.now() + ms, then);
  }
}
