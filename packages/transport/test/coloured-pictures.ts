import { setTimeout as sleep } from 'node:timers/promises';
import type { CallClient } from '../src/call/call-client.ts';
import type { VideoRendererOptions } from '../src/call/receive/video-renderers.ts';
import type { PictureInput } from '../src/devices/video/picture-input.ts';

export const colours = {
  red: [200, 40, 40],
  green: [40, 160, 40],
  blue: [40, 40, 200],
  grey: [128, 128, 128],
} as const;
export type Colour = keyof typeof colours;

/** An RGBA picture of one colour. */
export function coloured(colour: Colour, width = 160, height = 120): Uint8Array {
  const pixel = [...colours[colour], 255];
  return Uint8Array.from({ length: width * height * 4 }, (_, at) => pixel[at % 4]!);
}

/** An RGBA picture that costs many bits, another one each time. */
export function noisy(width: number, height: number): Uint8Array {
  const picture = new Uint8Array(width * height * 4);
  for (let at = 0; at < picture.length; at += 4) picture.fill(Math.random() * 256, at, at + 3);
  return picture;
}

interface Shown {
  writeFrame(frame: PictureInput): void;
}

/** Writes a picture 30 times a second until the function is called. */
export function keepShowing(device: Shown, picture: () => PictureInput): () => void {
  const timer = setInterval(() => device.writeFrame(picture()), 33);
  return () => clearInterval(timer);
}

export interface Sight {
  readonly width: number;
  readonly height: number;
  /** The nearest of the colours to what is in the middle. */
  readonly colour: Colour;
  /** Microseconds. */
  readonly timestamp: number;
}

/** What a client sees of somebody from now on. */
export function look(client: CallClient, participantId: string, options: VideoRendererOptions = {}) {
  const sights: Sight[] = [];
  const stop = client.setVideoRenderer(
    participantId,
    (_, frame) => {
      const { width, height, data, timestamp } = frame;
      const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 4;
      sights.push({ width, height, timestamp, colour: nearest([...data.subarray(at, at + 3)]) });
      frame.close();
    },
    options,
  );
  return {
    sights,
    stop,
    get last() {
      return sights.at(-1);
    },
    /** Pictures that come within a time. */
    async during(ms: number): Promise<readonly Sight[]> {
      const before = sights.length;
      await sleep(ms);
      return sights.slice(before);
    },
  };
}

function nearest(rgb: readonly number[]): Colour {
  const distance = (colour: Colour) =>
    colours[colour].reduce((sum, value, channel) => sum + (value - rgb[channel]!) ** 2, 0);
  return (Object.keys(colours) as Colour[]).sort((a, b) => distance(a) - distance(b))[0]!;
}
