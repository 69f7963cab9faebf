// A call without a server, to look at the page in states that many real participants would be needed for.
import type { CallState, CallView, DeviceKind, ParticipantView, TrackView } from '../../src/ui/call-view.ts';

const input = { on: false, track: undefined, fault: undefined, allowed: true } as const;

const choice = (...labels: readonly string[]) => ({
  all: labels.map((label, index) => ({ id: String(index), label })),
  chosen: '0',
});

export const idle: CallState = {
  status: 'idle',
  why: undefined,
  signalling: 'connected',
  me: { id: 'me', name: 'Ada Lovelace', isOwner: false },
  microphone: input,
  camera: input,
  screen: input,
  devices: {
    microphone: choice('Headset', 'Built-in microphone'),
    camera: choice('A camera with a very long name that does not fit into the field (046d:0825)'),
    loudspeaker: { ...choice('Headset'), chosen: '' },
  },
  others: [],
  activeSpeaker: null,
  network: 'good',
  chat: [],
  captions: [],
  recording: false,
  transcribing: false,
  waiting: [],
  may: { control: false, record: false, transcribe: false, chat: true },
  soundBlocked: false,
};

/** A picture of colours that move, with a number in it. */
export function paintedTrack(seed: number, width = 640, height = 360): MediaStreamTrack {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  let count = 0;
  const draw = () => {
    const sky = context.createLinearGradient(0, 0, width, height);
    sky.addColorStop(0, `hsl(${seed * 67} 45% 62%)`);
    sky.addColorStop(1, `hsl(${seed * 67 + 60} 50% 36%)`);
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
    context.fillStyle = 'rgb(255 255 255 / 85%)';
    context.beginPath();
    context.arc(width / 2 + 20 * Math.sin(count++ / 20), height * 0.42, height * 0.16, 0, 7);
    context.ellipse(width / 2, height * 0.98, height * 0.36, height * 0.34, 0, 0, 7);
    context.fill();
  };
  draw();
  setInterval(draw, 66);
  return canvas.captureStream(15).getVideoTracks()[0]!;
}

export function sound(name: string, state: TrackView['state'] = 'playable'): TrackView {
  return { name, kind: 'audio', state, track: undefined, volume: 1, muted: false };
}

export function picture(name: string, seed: number): TrackView {
  return { name, kind: 'video', state: 'playable', track: paintedTrack(seed), volume: 1, muted: false };
}

export function somebody(
  name: string,
  tracks: readonly TrackView[],
  more: Partial<ParticipantView> = {},
): ParticipantView {
  return { id: `id of ${name}`, name, isOwner: false, network: 'good', tracks, ...more };
}

/** Shows a state. What is pressed changes nothing but what is ours alone. */
export class PaintedCall implements CallView {
  state: CallState;
  readonly #listeners = new Set<() => void>();

  constructor(state: Partial<CallState>) {
    this.state = { ...idle, ...state };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(change: Partial<CallState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }

  level(): number {
    return -24;
  }

  preview(): void {
    void this.setInput('microphone', true);
    void this.setInput('camera', true);
  }

  async setInput(kind: 'microphone' | 'camera' | 'screen', on: boolean): Promise<void> {
    // What has a fault stays off.
    if (this.state[kind].fault === undefined) this.change({ [kind]: { ...this.state[kind], on } });
  }

  async choose(kind: DeviceKind, chosen: string): Promise<void> {
    this.change({ devices: { ...this.state.devices, [kind]: { ...this.state.devices[kind], chosen } } });
  }

  sendChat(text: string): void {
    this.change({ chat: [...this.state.chat, { from: 'me', name: this.state.me.name, text, at: Date.now() }] });
  }

  join(): void {
    this.change({ status: 'joining' });
  }

  leave(): void {
    this.change({ status: 'left' });
  }

  setVolume(): void {}
  setMuted(): void {}
  muteRemote(): void {}
  remove(): void {}
  admit(): void {}
  record(): void {}
  transcribe(): void {}
  playSound(): void {}
}
