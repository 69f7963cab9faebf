// What is used of the library, which declares it in JSDoc only.
declare module 'sherpa-onnx-node' {
  interface VadConfig {
    readonly sileroVad: {
      readonly model: string;
      readonly threshold: number;
      /** Seconds. */
      readonly minSpeechDuration: number;
      readonly minSilenceDuration: number;
      readonly maxSpeechDuration: number;
      /** Samples. */
      readonly windowSize: number;
    };
    readonly sampleRate: number;
    readonly numThreads: number;
    readonly provider: string;
    readonly debug: boolean;
  }
  export class Vad {
    constructor(config: VadConfig, bufferSizeInSeconds: number);
    acceptWaveform(samples: Float32Array): void;
    isDetected(): boolean;
    /** Ends the segment that is under way, and gives up its sound. */
    flush(): void;
    /** Gives the segments up that wait. */
    clear(): void;
    reset(): void;
  }
}
