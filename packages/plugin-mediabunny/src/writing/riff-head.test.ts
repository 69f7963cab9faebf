import { EncodedAudioPacketSource, EncodedPacket, NullTarget, Output, WavOutputFormat } from 'mediabunny';
import { firstValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fromContainer } from '../from-container.ts';
import { RiffHead } from './riff-head.ts';

/** The head that the library writes for two channels of 16 bits. */
async function libraryHead(): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  const format = new WavOutputFormat({
    large: true,
    onHeader: (bytes) => {
      head = new Uint8Array(bytes);
    },
  });
  const output = new Output({ format, target: new NullTarget() });
  const packets = new EncodedAudioPacketSource('pcm-s16');
  output.addAudioTrack(packets);
  await output.start();
  const decoderConfig = { codec: 'pcm-s16', sampleRate: 48_000, numberOfChannels: 2 };
  await packets.add(new EncodedPacket(new Uint8Array(4), 'key', 0, 1 / 48_000), { decoderConfig });
  await output.finalize();
  return head;
}

const sound = Int16Array.from({ length: 6_000 }, (_, i) => i);
const bytes = new Uint8Array(sound.buffer);

async function samplesIn(head: Uint8Array): Promise<number[]> {
  const frames = await firstValueFrom(fromContainer(Buffer.concat([head, bytes])).pipe(toArray()));
  return frames.flatMap(({ samples }) => [...samples]);
}

describe('RiffHead', () => {
  it('is RIFF until that cannot say how long it is, then RF64, and both say where the sound ends', async () => {
    const head = await libraryHead();
    const short = new RiffHead(head, 4).of(bytes.length);
    const long = new RiffHead(head, 4, 10_000).of(bytes.length);
    expect(Buffer.from(short).toString('latin1', 0, 4)).toBe('RIFF');
    expect(Buffer.from(long).toString('latin1', 0, 4)).toBe('RF64');
    for (const one of [short, long]) expect(await samplesIn(one)).toEqual([...sound]);
    const view = new DataView(new RiffHead(head, 4).of(5_000_000_000).buffer);
    const sizes = [20, 28, 36].map((at) => view.getBigUint64(at, true));
    expect(sizes).toEqual([BigInt(head.length + 5_000_000_000 - 8), 5_000_000_000n, 1_250_000_000n]);
    expect(view.getUint32(head.length - 4, true)).toBe(0xffff_ffff);
  });

  it('says in a pipe that nobody knows the length', async () => {
    const head = new RiffHead(await libraryHead(), 4).of(undefined);
    expect([4, head.length - 4].map((at) => new DataView(head.buffer).getUint32(at, true))).toEqual([
      0xffff_ffff, 0xffff_ffff,
    ]);
    expect(await samplesIn(head)).toEqual([...sound]);
  });
});
