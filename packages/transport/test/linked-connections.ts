import type { HostConnection, HostPicture, HostVideoSource, MediaHost } from '../src/host/media-host.ts';

/** Two connections of one host (or two) whose candidates reach each other. */
export interface LinkedConnections {
  readonly a: HostConnection;
  readonly b: HostConnection;
  /** `from` offers, the other answers; repeated the other way while the answer leaves tracks out. */
  negotiate(from?: 'a' | 'b', options?: { readonly iceRestart?: boolean }): Promise<void>;
  close(): void;
}

export function linkConnections(hostA: MediaHost, hostB: MediaHost = hostA): LinkedConnections {
  const a = hostA.createConnection({ candidates: 'loopback' });
  const b = hostB.createConnection({ candidates: 'loopback' });
  a.on('candidate', (candidate) => void b.addIceCandidate(candidate));
  b.on('candidate', (candidate) => void a.addIceCandidate(candidate));
  const negotiate: LinkedConnections['negotiate'] = async (from = 'a', options = {}) => {
    const [offerer, answerer] = from === 'a' ? [a, b] : [b, a];
    await answerer.setRemoteDescription(await offerer.createOffer(options));
    const answer = await answerer.createAnswer();
    await offerer.setRemoteDescription(answer);
    if (answer.pending !== undefined && answer.pending.length > 0) await negotiate(from === 'a' ? 'b' : 'a');
  };
  return {
    a,
    b,
    negotiate,
    close: () => {
      a.close();
      b.close();
    },
  };
}

/** Collects what a connection hears of a track; keeps the last format. */
export function record(connection: HostConnection, name: string) {
  const chunks: Int16Array[] = [];
  const heard = { chunks, sampleRate: 0, channels: 0, formats: new Set<string>() };
  connection.receive(name, true);
  connection.on('audio', (audio) => {
    if (audio.name !== name) return;
    chunks.push(audio.samples);
    heard.sampleRate = audio.sampleRate;
    heard.channels = audio.channels;
    heard.formats.add(`${audio.sampleRate}/${audio.channels}`);
  });
  return heard;
}

/** One channel of all chunks in one piece. */
export function joined(chunks: readonly Int16Array[], channels = 1, channel = 0): Int16Array {
  const samples = Int16Array.from(chunks.flatMap((chunk) => [...chunk]));
  return samples.filter((_, index) => index % channels === channel);
}

export function tone(options: { hz: number; sampleRate: number; ms: number; channels?: number; hzRight?: number }) {
  const channels = options.channels ?? 1;
  const samples = new Int16Array(Math.round((options.sampleRate * options.ms) / 1000) * channels);
  for (let index = 0; index < samples.length; index++) {
    const hz = index % channels === 1 ? (options.hzRight ?? options.hz) : options.hz;
    samples[index] = Math.round(
      8000 * Math.sin((2 * Math.PI * hz * Math.floor(index / channels)) / options.sampleRate),
    );
  }
  return samples;
}

export const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const emptyPicture = ({ width, height }: PictureSize) =>
  new Uint8Array(width * height + 2 * ((width + 1) >> 1) * ((height + 1) >> 1)).fill(128);

/** A grey I420 picture in a buffer of its own. */
export function plainPicture(size: PictureSize, luma: number): HostPicture {
  return { ...size, data: emptyPicture(size).fill(luma, 0, size.width * size.height) };
}

/** A picture that a codec keeps well, with edges and colours: what arrives can be compared with it. */
export function drawnPicture(size: PictureSize): HostPicture {
  const { width, height } = size;
  const data = emptyPicture(size);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    data[at] = 40 + ((x >> 5) + (y >> 5)) * 12 + ((x >> 3) % 2);
  }
  const [chromaWidth, start] = [(width + 1) >> 1, width * height];
  for (let at = start; at < data.length; at++) data[at] = 96 + (((at - start) % chromaWidth) >> 4) * 8;
  return { ...size, data };
}

/** Writes the picture that `picture` gives, 30 times a second, until the function is called. */
export function keepWriting(source: HostVideoSource, picture: () => HostPicture): () => void {
  const timer = setInterval(() => source.write(picture(), () => {}), 33);
  return () => clearInterval(timer);
}

/** Collects the pictures that a connection receives of a track. */
export function watch(connection: HostConnection, name: string) {
  const pictures: HostPicture[] = [];
  connection.receive(name, true);
  connection.on('video', (video) => {
    if (video.name === name) pictures.push(video.picture);
  });
  return pictures;
}
