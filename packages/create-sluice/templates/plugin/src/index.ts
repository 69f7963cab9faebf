// The nodes: each also stands in "sluice" of package.json

// What they are tried by
export { conformance } from './conformance.ts';
export { fromHum } from './from-hum.ts';
export { type Level, toLevels } from './to-levels.ts';
export { tremolo } from './tremolo.ts';
