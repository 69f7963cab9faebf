import { CustomVideoSource, CustomVideoTrack } from '@sluice/transport';
import type { ProbedCall } from './probed-call.ts';

const [WIDTH, HEIGHT] = [160, 120];
const EVERY_MS = 50;
const NAME = 'noise';

/** What the hearer sees of the speaker. */
export interface Seen {
  /** Pictures so far. */
  count(): number;
  /** Of pictures, in bits per second, as measured last. */
  rate(): number;
}

/** A speaker who also shows soft noise, as grain is, which costs whatever bits there are, in 160x120, 20 times a second. */
export async function withPictures(
  { speaker, hearer }: ProbedCall,
  test: (seen: Seen) => Promise<void>,
): Promise<void> {
  const source = new CustomVideoSource(WIDTH, HEIGHT);
  let [pictures, bitsPerSecond] = [0, 0];
  hearer.on('network-stats-updated', ({ stats }) => {
    bitsPerSecond = stats.latest.videoRecvBitsPerSecond;
  });
  hearer.setVideoRenderer(
    speaker.participants().local.id,
    (_, frame) => {
      pictures++;
      frame.close();
    },
    { videoSource: NAME, colorFormat: 'I420' },
  );
  await speaker.addCustomVideoTrack(NAME, new CustomVideoTrack(source));
  const noises = Array.from({ length: 8 }, noise);
  let shown = 0;
  const timer = setInterval(() => source.writeFrame(noises[shown++ % noises.length]!), EVERY_MS);
  try {
    await test({ count: () => pictures, rate: () => bitsPerSecond });
  } finally {
    clearInterval(timer);
    await speaker.removeCustomVideoTrack(NAME);
    source.close();
  }
}

function noise(): Uint8Array {
  const picture = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let at = 0; at < picture.length; at += 4) picture.fill(96 + Math.random() * 64, at, at + 3);
  return picture;
}
