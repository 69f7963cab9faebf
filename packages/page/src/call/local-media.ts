import type { InputKind } from '../ui/call-view.ts';
import type { DeviceFault } from '../ui/words/device-words.ts';

/** Something of our own that may be sent. */
export interface Input {
  readonly on: boolean;
  readonly track: MediaStreamTrack | undefined;
  /** The sound of a shared screen. */
  readonly audio: MediaStreamTrack | undefined;
  readonly fault: DeviceFault | undefined;
}

/**
 * One channel, and all three kinds of processing by name: a browser that is asked for a rate, or for one of them alone,
 * turns the others off.
 */
const MICROPHONE: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};
const CAMERA: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const off: Input = { on: false, track: undefined, audio: undefined, fault: undefined };

export interface LocalMediaHandlers {
  readonly changed: () => void;
  /** The browser gave something, and tells more of its devices now. */
  readonly opened: () => void;
  /** A device that was used gives nothing any more. */
  readonly ended: (kind: 'microphone' | 'camera') => void;
  /** Id of the device to be asked for; empty: any. */
  readonly chosen: (kind: 'microphone' | 'camera') => string;
}

/** Microphone, camera and screen of this browser. Nothing is opened before it is turned on. */
export class LocalMedia {
  readonly #handlers: LocalMediaHandlers;
  readonly #inputs: Record<InputKind, Input> = { microphone: off, camera: off, screen: off };
  /** The last wish for each wins over what was asked for before it. */
  readonly #wishes: Record<InputKind, number> = { microphone: 0, camera: 0, screen: 0 };
  readonly #pending = new Set<InputKind>();
  /** The last request of each, which may still be under way. */
  readonly #requests: Partial<Record<InputKind, Promise<void>>> = {};
  #analyser: AnalyserNode | undefined;
  #context: AudioContext | undefined;
  #samples = new Float32Array(0);

  constructor(handlers: LocalMediaHandlers) {
    this.#handlers = handlers;
  }

  get(kind: InputKind): Input {
    return this.#inputs[kind];
  }

  /** Resolves when it is as wished, or cannot be. */
  async set(kind: InputKind, on: boolean): Promise<void> {
    const wish = ++this.#wishes[kind];
    this.#pending.delete(kind);
    // Muting keeps the microphone, which a browser may ask for again; the light of a camera has to go out.
    if (!on && kind === 'microphone') return this.#mute(true);
    if (on && kind === 'microphone' && this.#inputs.microphone.track?.readyState === 'live') return this.#mute(false);
    this.#stop(kind);
    if (!on) return this.#set(kind, off);
    const request = this.#request(kind, wish, this.#requests[kind]);
    this.#requests[kind] = request;
    await request;
  }

  /** Another device was chosen: asks for it, as far as one is wanted. A muted microphone is opened when it is unmuted. */
  async renew(kind: 'microphone' | 'camera'): Promise<void> {
    const input = this.#inputs[kind];
    const isWanted = input.on || this.#pending.has(kind);
    this.#stop(kind);
    // It stays on in the eyes of the person, who only changed a device.
    this.#set(kind, { ...input, track: undefined });
    if (isWanted) await this.set(kind, true);
  }

  /** What goes out under each name of a track; null while it is off. */
  get tracks(): ReadonlyMap<string, MediaStreamTrack | null> {
    const { microphone, camera, screen } = this.#inputs;
    const all = new Map<string, MediaStreamTrack | null>();
    const add = (name: string, on: boolean, track: MediaStreamTrack | undefined) =>
      all.set(name, on && track !== undefined ? track : null);
    add('microphone', microphone.on, microphone.track);
    add('camera', camera.on, camera.track);
    if (screen.track !== undefined) add('screenVideo', screen.on, screen.track);
    if (screen.audio !== undefined) add('screenAudio', screen.on, screen.audio);
    return all;
  }

  /** Loudness of the microphone in the last 20 ms, in dBFS; -100 while it is off. */
  level(): number {
    if (this.#analyser === undefined || !this.#inputs.microphone.on) return -100;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const squares = this.#samples.reduce((sum, sample) => sum + sample * sample, 0);
    return Math.max(-100, 10 * Math.log10(squares / this.#samples.length + 1e-10));
  }

  close(): void {
    for (const kind of ['microphone', 'camera', 'screen'] as const) {
      this.#wishes[kind]++;
      this.#stop(kind);
      this.#inputs[kind] = off;
    }
    this.#pending.clear();
    void this.#context?.close();
    this.#context = undefined;
    this.#analyser = undefined;
    this.#handlers.changed();
  }

  /** A second request beside a running track, or another one, would give the same device without its processing. */
  async #request(kind: InputKind, wish: number, earlier: Promise<void> | undefined): Promise<void> {
    this.#pending.add(kind);
    await earlier;
    if (wish !== this.#wishes[kind]) return;
    try {
      const stream = await this.#ask(kind);
      if (wish !== this.#wishes[kind]) for (const track of stream.getTracks()) track.stop();
      else this.#opened(kind, stream);
    } catch (error) {
      if (wish === this.#wishes[kind]) this.#set(kind, { ...off, fault: faultOf(error) });
    }
    if (wish === this.#wishes[kind]) this.#pending.delete(kind);
  }

  #ask(kind: InputKind): Promise<MediaStream> {
    const { mediaDevices } = navigator;
    // Browsers give none to a page that is not secure.
    if (mediaDevices === undefined) throw new DOMException('not a secure context', 'SecurityError');
    if (kind === 'screen') {
      if (mediaDevices.getDisplayMedia === undefined) throw new DOMException('no screens', 'NotFoundError');
      return mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: true });
    }
    const id = this.#handlers.chosen(kind);
    const device = id === '' ? {} : { deviceId: { exact: id } };
    return mediaDevices.getUserMedia(
      kind === 'microphone' ? { audio: { ...MICROPHONE, ...device } } : { video: { ...CAMERA, ...device } },
    );
  }

  #opened(kind: InputKind, stream: MediaStream): void {
    const [video, audio] = [stream.getVideoTracks()[0], stream.getAudioTracks()[0]];
    const track = kind === 'microphone' ? audio : video;
    if (track === undefined) return this.#set(kind, { ...off, fault: 'missing' });
    track.onended = () => {
      if (kind !== 'screen') return this.#handlers.ended(kind);
      this.#stop(kind);
      this.#set(kind, off);
    };
    if (kind === 'microphone') this.#listen(stream);
    if (kind === 'screen') track.contentHint = 'detail';
    this.#set(kind, { on: true, track, audio: kind === 'screen' ? audio : undefined, fault: undefined });
    this.#handlers.opened();
  }

  #mute(muted: boolean): void {
    const { track } = this.#inputs.microphone;
    if (track !== undefined) track.enabled = !muted;
    this.#set('microphone', { ...this.#inputs.microphone, on: !muted && track !== undefined });
  }

  #listen(stream: MediaStream): void {
    this.#context ??= new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 1_024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    void this.#context.resume();
  }

  #stop(kind: InputKind): void {
    const { track, audio } = this.#inputs[kind];
    for (const one of [track, audio]) {
      if (one !== undefined) one.onended = null;
      one?.stop();
    }
  }

  #set(kind: InputKind, input: Input): void {
    this.#inputs[kind] = input;
    this.#handlers.changed();
  }
}

function faultOf(error: unknown): DeviceFault {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return 'denied';
    case 'SecurityError':
      return 'insecure';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}
