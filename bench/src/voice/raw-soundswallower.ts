import { fileURLToPath } from 'node:url';
import createModule from 'soundswallower';

/** The library as it is: a whole piece of sound at once, against a grammar, and nothing that rejects. */
export async function rawSoundswallower(grammar: string): Promise<(samples: Int16Array) => string> {
  // The slash at the end is not added by the library.
  const modelBase = fileURLToPath(new URL('model/', import.meta.resolve('soundswallower')));
  const module = await createModule({ modelBase, print: () => {}, printErr: () => {} } as never);
  const decoder = new module.Decoder({ samprate: 16_000, loglevel: 'FATAL' });
  await decoder.initialize();
  decoder.set_grammar(grammar);
  return (samples) => {
    decoder.start();
    decoder.process_audio(
      Float32Array.from(samples, (sample) => sample / 32_768),
      false,
      true,
    );
    decoder.stop();
    return decoder.get_text();
  };
}
