import { type HostEvent, hostEvent, parseControl } from './control-messages.ts';
import type { EngineLink } from './engine-link.ts';
import { looksWithin } from './overdue-count.ts';
import type { PictureLane } from './picture-lane.ts';
import type { RemoteConnection } from './remote-connection.ts';
import type { RemoteSource } from './remote-source.ts';
import type { RemoteVideoSource } from './remote-video-source.ts';
import { brokenWire, decodeAudio, decodeProgress, PROGRESS_FIELDS, type WireKind, wireKinds } from './wire.ts';

/** One run of the engine and all that lives in it: hands what the engine says to whom it concerns. */
export class EngineRun {
  readonly link: EngineLink;
  readonly sources = new Map<number, RemoteSource>();
  readonly videoSources = new Map<number, RemoteVideoSource>();
  readonly connections = new Map<number, RemoteConnection>();
  /** Undefined until the process is started. */
  lane: PictureLane | undefined;
  readonly #most: number;
  readonly #onUp: () => void;
  #up = false;

  /** `onUp` is called when the engine says something for the first time; from then on it answers in `answerWithinMs`. */
  constructor(link: EngineLink, answerWithinMs: number, onUp: () => void) {
    this.link = link;
    this.#most = looksWithin(answerWithinMs);
    this.#onUp = onUp;
  }

  /** The engine has said something. */
  get up(): boolean {
    return this.#up;
  }

  /** A look, as often as the engine says that it is there. Returns true when it says nothing else that it should. */
  look(): boolean {
    if (!this.#up) return false;
    let owed = Math.max(this.link.look(), this.lane?.look() ?? 0);
    for (const source of this.sources.values()) owed = Math.max(owed, source.look());
    return owed > this.#most;
  }

  /** A message of the engine. Throws `SLUICE_HOST_PROTOCOL` for what is none. */
  receive(kind: WireKind, payload: Buffer): void {
    this.#take(kind, payload);
    if (this.#up) return;
    this.#up = true;
    this.#onUp();
  }

  #take(kind: WireKind, payload: Buffer): void {
    if (kind === wireKinds.progress) return this.#progressed(decodeProgress(payload));
    if (kind === wireKinds.audio) {
      const audio = decodeAudio(payload);
      return this.connections.get(audio.connection)?.emit('audio', audio);
    }
    if (kind === wireKinds.taken) return this.lane?.taken(payload);
    if (kind === wireKinds.picture) return this.#receivePicture(payload);
    if (kind !== wireKinds.control) throw brokenWire(`a message of kind ${kind} from the host`);
    this.#hear(parseControl(hostEvent, payload));
  }

  #progressed(values: Float64Array): void {
    for (let row = 0; row < values.length; row += PROGRESS_FIELDS) {
      this.sources.get(values[row]!)?.progressed({
        played: values[row + 1]!,
        dropped: values[row + 2]!,
        silence: values[row + 3]!,
        underruns: values[row + 4]!,
        heldBack: values[row + 5]!,
        stalls: values[row + 6]!,
        missing: values[row + 7]!,
      });
    }
  }

  /** Its bytes go to the listener for good. The connection may be closed while pictures of it are still on their way. */
  #receivePicture(payload: Buffer): void {
    if (this.lane === undefined) return;
    const { id, name, frame } = this.lane.receive(payload);
    const connection = this.connections.get(id);
    if (connection === undefined) return frame.close();
    const { width, height, colorSpace } = frame;
    connection.emit('video', { name, picture: { width, height, colorSpace, data: frame.detach() } });
  }

  #hear(event: HostEvent): void {
    switch (event.type) {
      case 'alive':
        return;
      case 'result':
        return this.link.answer(event.call, event.value);
      case 'fault':
        return this.link.fault(event.call, event.code, event.message);
      case 'candidate':
        return this.connections.get(event.id)?.emit('candidate', event.data);
      case 'gathered':
        return this.connections.get(event.id)?.emit('gathered', undefined);
      case 'ice-error':
        return this.connections.get(event.id)?.emit('iceError', event.data);
      case 'state':
        return this.connections.get(event.id)?.emit('state', event.data);
      case 'track':
        return this.connections.get(event.id)?.emit('track', event.data);
      case 'packets':
        return this.connections.get(event.id)?.emit('packets', event.data);
    }
  }
}
