// Noise suppression

export { rnnoise } from './rnnoise.ts';

// For `sluice conform` and test runners

export { conformance } from './conformance.ts';
