declare module 'node-wav' {
  interface Decoded {
    readonly sampleRate: number;
    readonly channelData: readonly Float32Array[];
  }
  export function decode(bytes: Uint8Array): Decoded;
  export function encode(
    channels: readonly Float32Array[],
    options: { sampleRate: number; bitDepth?: number; float?: boolean },
  ): Buffer;
}
