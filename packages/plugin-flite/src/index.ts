// Speech from text by flite: a synthesizer for sluice.

export { type FliteOptions, flite } from './flite.ts';
export { type FliteSettings, type FliteVoice, fliteVoices } from './flite-settings.ts';
