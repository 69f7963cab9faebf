import { checkKeys, invalidArgument } from '@sluice/core';
import { defineVoiceModel, type Recognizer, recognizeInThread } from '@sluice/core/voice';
import { debian } from './installed.ts';

/** What may change while it runs; it holds from the next stretch of speech on. */
export interface PocketsphinxSettings {
  /** A JSGF grammar whose sentences alone are heard; empty for free speech. A wrong one ends the session. Default ''. */
  readonly grammar: string;
}

/** Model and bounds of {@link pocketsphinx}. */
export interface PocketsphinxOptions extends Partial<PocketsphinxSettings> {
  /** Folder with `en-us/`, `en-us.lm.bin` and `cmudict-en-us.dict`. Default: that of Debian's pocketsphinx-en-us. */
  readonly model?: string;
  /** Names or paths of libsphinxbase and libpocketsphinx. Default: Debian's. */
  readonly libraries?: { readonly base: string; readonly decoder: string };
}

/** From TypeScript sources the built twin is started: threads are compiled code. */
const thread = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/decoder-thread.js' : './decoder-thread.js',
  import.meta.url,
);

/**
 * A recogniser of free English speech on the pocketsphinx that Debian ships, with partials and word times. It hears
 * 16 kHz mono. Nothing is rejected but a sentence of a grammar that was broken off: what is said in other words is taken
 * for the nearest. Decoding runs in a thread of the session.
 *
 * @example
 * const recognizer = (await isAvailable()) ? pocketsphinx() : myRecognizer();
 * @throws TypeError for options that are none; `open` rejects with `give-up` where library or model are missing
 * @see `isAvailable`
 */
export function pocketsphinx(options: PocketsphinxOptions = {}): Recognizer<PocketsphinxSettings> {
  checkKeys<PocketsphinxOptions>('pocketsphinx', options, { grammar: true, model: true, libraries: true });
  const { grammar = '', model = debian.model, libraries = debian.libraries } = options;
  if (typeof model !== 'string') throw invalidArgument('model', 'a folder', model);
  checkKeys<typeof libraries>('pocketsphinx.libraries', libraries, { base: true, decoder: true });
  for (const library of [libraries.base, libraries.decoder])
    if (typeof library !== 'string') throw invalidArgument('libraries', 'names of base and decoder', libraries);
  const checkSettings = (settings: PocketsphinxSettings) => {
    if (typeof settings.grammar !== 'string') throw invalidArgument('grammar', "JSGF text or ''", settings.grammar);
  };
  checkSettings({ grammar });
  return defineVoiceModel<'recognizer', PocketsphinxSettings>({
    kind: 'recognizer',
    name: 'pocketsphinx',
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs: 170,
    words: true,
    settings: { grammar },
    checkSettings,
    start: (context) =>
      recognizeInThread(context, {
        name: 'pocketsphinx',
        thread,
        sampleRate: 16_000,
        setUp: (settings) => ({ ...settings, model, libraries }),
      }),
  });
}
