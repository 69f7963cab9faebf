// The ears of an agent that is to understand free speech, where Debian's pocketsphinx is installed.

export { isAvailable } from './installed.ts';
export { type PocketsphinxOptions, type PocketsphinxSettings, pocketsphinx } from './pocketsphinx.ts';
