// Speech from text by espeak-ng: a synthesizer for sluice.

export { type EspeakOptions, espeak } from './espeak.ts';
export type { EspeakSettings } from './espeak-settings.ts';
