import type { KeptSound } from './kept-sound.ts';

/** Plays what is kept of a link on this machine's loudspeaker, once. Returns what ends it. */
export function playOnce({ sound }: KeptSound, onDone: () => void): () => void {
  if (sound === undefined) {
    onDone();
    return () => {};
  }
  const { samples, rate, channels } = sound;
  const context = new AudioContext({ sampleRate: rate });
  const buffer = context.createBuffer(channels, samples.length / channels, rate);
  for (let channel = 0; channel < channels; channel++) {
    const data = buffer.getChannelData(channel);
    for (let index = 0; index < data.length; index++) data[index] = samples[index * channels + channel]! / 32_768;
  }
  const node = new AudioBufferSourceNode(context, { buffer });
  node.onended = onDone;
  node.connect(context.destination);
  node.start();
  return () => {
    node.onended = null;
    void context.close();
  };
}
