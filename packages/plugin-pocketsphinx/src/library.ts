import koffi from 'koffi';
import { INSTALL, type Installed } from './installed.ts';

/** The calls of the library that are used, by their names in its headers without `ps_`. */
export type Library = ReturnType<typeof loadLibrary>;

type Handle = ReturnType<typeof koffi.load>;

/** @throws Error that says what to install */
export function loadLibrary({ base, decoder }: Installed['libraries']) {
  const [below, above] = [base, decoder].map((name) => {
    try {
      return koffi.load(name);
    } catch (cause) {
      throw new Error(`${name} cannot be loaded. ${INSTALL}`, { cause });
    }
  }) as [Handle, Handle];
  // It writes its whole configuration to standard error otherwise.
  below.func('void err_set_logfp(void *file)')(null);
  return {
    args: above.func('void *ps_args()'),
    parse: below.func('void *cmd_ln_parse_r(void *in, void *definitions, int32_t count, char **args, int32_t strict)'),
    freeConfig: below.func('int cmd_ln_free_r(void *config)'),
    init: above.func('void *ps_init(void *config)'),
    free: above.func('int ps_free(void *decoder)'),
    startStream: above.func('int ps_start_stream(void *decoder)'),
    startUtt: above.func('int ps_start_utt(void *decoder)'),
    process: above.func('int ps_process_raw(void *decoder, int16_t *samples, size_t count, int noSearch, int full)'),
    endUtt: above.func('int ps_end_utt(void *decoder)'),
    hyp: above.func('str ps_get_hyp(void *decoder, void *score)'),
    firstWord: above.func('void *ps_seg_iter(void *decoder)'),
    nextWord: above.func('void *ps_seg_next(void *word)'),
    wordText: above.func('str ps_seg_word(void *word)'),
    wordFrames: above.func('void ps_seg_frames(void *word, _Out_ int *first, _Out_ int *last)'),
    setGrammar: above.func('int ps_set_jsgf_string(void *decoder, str name, str grammar)'),
    setSearch: above.func('int ps_set_search(void *decoder, str name)'),
    search: above.func('str ps_get_search(void *decoder)'),
    lookUp: above.func('void *ps_lookup_word(void *decoder, str word)'),
  };
}
