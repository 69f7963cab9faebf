// What the smoke tests share: a room, a peer with ears and a voice, and the example as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AudioFrame, type Graph, graph, type Source, type VideoFrame } from '@sluice/core';
import { measureTone, psnr, type ToneMeasurement } from '@sluice/core/testing';
import { fromWavFile } from '@sluice/nodes';
import {
  CallClient,
  Daily,
  type LeftReason,
  type RoomServer,
  startRoomServer,
  toCamera,
  toMicrophone,
} from '@sluice/transport';
import { concat } from './read-mono.ts';
import { asset } from './room.ts';

const runner = fileURLToPath(new URL('../scripts/run-example.mjs', import.meta.url));

/** A room with a peer in it, and the examples that were started in it. */
export class Smoke {
  readonly #server: RoomServer;
  readonly #children: ChildProcess[] = [];
  #show: Graph | undefined;
  readonly peer: CallClient;
  readonly url: string;
  /** A directory that goes when the test does. */
  readonly directory = mkdtempSync(join(tmpdir(), 'sluice-smoke-'));

  static async open(): Promise<Smoke> {
    const server = await startRoomServer();
    Daily.init({ mediaHost: 'in-process' });
    const smoke = new Smoke(server);
    await smoke.peer.join(smoke.url);
    return smoke;
  }

  constructor(server: RoomServer) {
    this.#server = server;
    this.url = server.roomUrl('smoke');
    this.peer = new CallClient();
  }

  /** Starts an example in the room. */
  start(name: string, ...args: string[]): Run {
    return this.startAlone(name, this.url, ...args);
  }

  /** Starts an example without telling it the room. */
  startAlone(name: string, ...args: string[]): Run {
    const child = spawn(process.execPath, [runner, name, ...args], { cwd: this.directory, detached: true });
    this.#children.push(child);
    return new Run(child);
  }

  /** Everything that the first participant who comes sends on a track, at 48 kHz, until it leaves. */
  hear(audioSource = 'microphone'): Recording {
    const recording = new Recording();
    this.peer.once('participant-joined', ({ participant }) => {
      const take = (_: string, frame: AudioFrame) => recording.take(frame);
      this.peer.setAudioRenderer(participant.id, take, { audioSource, sampleRate: 48_000 });
    });
    return recording;
  }

  /** The pictures that the first participant who comes sends on a track, until it leaves. */
  see(videoSource = 'camera'): Sight {
    const sight = new Sight();
    this.peer.once('participant-joined', ({ participant }) => {
      const take = (_: string, frame: VideoFrame) => sight.take(frame);
      this.peer.setVideoRenderer(participant.id, take, { videoSource, colorFormat: 'I420' });
    });
    return sight;
  }

  /** Resolves when the first participant has come. */
  arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.peer.once('participant-joined', () => resolve());
    });
  }

  /** Resolves, with its reason, when the first participant has left. */
  departure(): Promise<LeftReason> {
    return new Promise((resolve) => {
      this.peer.once('participant-left', ({ leftReason }) => resolve(leftReason));
    });
  }

  /** Says a part of the greeting, in seconds; resolves when it was said. */
  async speak(end: number): Promise<void> {
    const microphone = Daily.createMicrophoneDevice('smoke', { sampleRate: 48_000 });
    await this.peer.updateInputs({ microphone: { isEnabled: true, settings: { deviceId: 'smoke' } } });
    // The far side's jitter buffer finds its size meanwhile.
    await sleep(1_000);
    const voice = graph('voice');
    voice.from(fromWavFile(asset('greeting.wav'), { end })).to(toMicrophone(microphone));
    await voice.run();
  }

  /** Shows pictures of 640x360 with a camera, until the test ends. */
  async show(pictures: Source<VideoFrame>): Promise<void> {
    const camera = Daily.createCameraDevice('smoke-eye', { width: 640, height: 360, colorFormat: 'I420' });
    await this.peer.updateInputs({ camera: { isEnabled: true, settings: { deviceId: 'smoke-eye' } } });
    this.#show = graph('show');
    this.#show.from(pictures).to(toCamera(camera));
    await this.#show.start();
  }

  async close(): Promise<void> {
    await this.#show?.stop();
    for (const { pid, exitCode } of this.#children) if (pid !== undefined && exitCode === null) killGroup(pid);
    await this.peer.release();
    await Daily.deinit();
    await this.#server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** An example that runs. */
export class Run {
  readonly child: ChildProcess;
  readonly #output: Buffer[] = [];
  readonly #errors: Buffer[] = [];

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout!.on('data', (data: Buffer) => this.#output.push(data));
    child.stderr!.on('data', (data: Buffer) => this.#errors.push(data));
  }

  get output(): Buffer {
    return Buffer.concat(this.#output);
  }

  /** Standard error: what the example says. */
  get said(): string {
    return Buffer.concat(this.#errors).toString();
  }

  /** Resolves with the first group of a pattern when the example has said it. */
  async told(pattern: RegExp): Promise<string> {
    let match = pattern.exec(this.said);
    for (; match === null && this.child.exitCode === null; match = pattern.exec(this.said)) await sleep(50);
    return match?.[1] ?? '';
  }

  /** Resolves with the exit code. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }
}

/** One channel of what was heard. */
export class Recording {
  readonly #parts: Int16Array[] = [];
  readonly sampleRate = 48_000;

  take(frame: AudioFrame): void {
    this.#parts.push(firstChannel(frame.samples, frame.channels));
    frame.close();
  }

  get samples(): Int16Array {
    return concat(this.#parts);
  }

  /** Resolves when so many seconds were heard since the sound began. */
  async reached(seconds: number): Promise<void> {
    while (this.trimmed().length < seconds * this.sampleRate) await sleep(50);
  }

  /** Without what was heard before it became louder than `level`, and after the last time it was. */
  trimmed(level = 1_000): Int16Array {
    const { samples } = this;
    const begin = samples.findIndex((sample) => Math.abs(sample) > level);
    return begin < 0
      ? new Int16Array(0)
      : samples.subarray(
          begin,
          samples.findLastIndex((s) => Math.abs(s) > level),
        );
  }
}

/** The newest picture that was seen. */
export class Sight {
  #newest: VideoFrame | undefined;
  #count = 0;

  take(frame: VideoFrame): void {
    this.#newest?.close();
    this.#newest = frame;
    this.#count++;
  }

  /** How many pictures came. */
  get count(): number {
    return this.#count;
  }

  /** Resolves with the first picture that is as it should be. It is not yours. */
  async until(holds: (picture: VideoFrame) => boolean): Promise<VideoFrame> {
    for (let seen = 0; ; await sleep(20)) {
      if (this.#newest === undefined || this.#count === seen) continue;
      seen = this.#count;
      if (holds(this.#newest)) return this.#newest;
    }
  }

  /** Resolves when a picture comes that is like another, which is closed then. 30 dB is what a codec leaves of it. */
  async like(wanted: VideoFrame, leastDb = 30): Promise<void> {
    await this.until((picture) => sameSize(picture, wanted) && psnr(picture, wanted).overall >= leastDb);
    wanted.close();
  }
}

function sameSize(one: VideoFrame, other: VideoFrame): boolean {
  return one.width === other.width && one.height === other.height;
}

/**
 * The tone in the cleanest quarter of a second: a jitter buffer breaks the tone's phase, inaudibly, where it stretches
 * or shortens the sound.
 */
export function cleanestTone(sound: Int16Array, sampleRate: number, frequency: number): ToneMeasurement {
  const length = Math.min(sampleRate / 4, sound.length);
  const tones: ToneMeasurement[] = [];
  for (let at = 0; at + length <= sound.length; at += length)
    tones.push(measureTone(sound.subarray(at, at + length), sampleRate, frequency));
  return tones.reduce((best, tone) => (tone.snr > best.snr ? tone : best));
}

/** Signed 16-bit samples of raw bytes. */
export function pcm(bytes: Buffer): Int16Array {
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
}

function firstChannel(samples: Int16Array, channels: number): Int16Array {
  return Int16Array.from({ length: samples.length / channels }, (_, index) => samples[index * channels]!);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
  }
}
