// The ears of an agent that is to understand a stated set of sentences, and to know when something else was said.

export { type SlotName, sentences } from './sentences.ts';
export { type SoundswallowerOptions, type SoundswallowerSettings, soundswallower } from './soundswallower.ts';
