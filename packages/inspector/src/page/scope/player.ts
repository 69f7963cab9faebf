import type { MediaPacket } from '../../protocol/media-packet.ts';
import worklet from './player-worklet.js?worker&url';

/** Plays the sound of a link on this machine's loudspeaker. Begins at the first packet: that says the format. */
export class Player {
  #context: AudioContext | undefined;
  #node: Promise<AudioWorkletNode> | undefined;
  #format = '';

  take(packet: MediaPacket): void {
    const format = `${packet.rate} ${packet.channels}`;
    if (format !== this.#format) this.#begin(packet);
    this.#format = format;
    const chunk = channelsOf(packet);
    this.#node?.then((node) => node.port.postMessage(chunk)).catch(() => {});
  }

  close(): void {
    void this.#context?.close();
    this.#context = undefined;
    this.#node = undefined;
    this.#format = '';
  }

  #begin({ rate, channels }: MediaPacket): void {
    this.close();
    const context = new AudioContext({ sampleRate: rate, latencyHint: 'interactive' });
    this.#context = context;
    const outputs = Math.min(channels, 2);
    this.#node = context.audioWorklet.addModule(worklet).then(() => {
      const node = new AudioWorkletNode(context, 'sluice-player', { numberOfInputs: 0, outputChannelCount: [outputs] });
      node.connect(context.destination);
      return node;
    });
  }
}

function channelsOf({ payload, channels }: MediaPacket): Float32Array[] {
  const samples = new Int16Array(payload.buffer as ArrayBuffer, payload.byteOffset, payload.length / 2);
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from(
      { length: samples.length / channels },
      (_, index) => samples[index * channels + channel]! / 32_768,
    ),
  );
}
