#!/usr/bin/env bash
# Debian's libpocketsphinx3 0.8+5prealpha: ps_get_in_speech says speech in a second of zeros.
# Natural guess: digital silence is no speech, so the flag tells whether a stretch in which nothing was understood had any.
# Behaviour: with `-remove_silence no`, which word times need, it is 1 throughout; an empty hypothesis has to be told otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts koffi@3.3.4
cat >main.mjs <<'JS'
import koffi from 'koffi';
const [base, lib] = ['libsphinxbase.so.3', 'libpocketsphinx.so.3'].map((name) => koffi.load(name));
base.func('void err_set_logfp(void *file)')(null);
const parse = base.func('void *cmd_ln_parse_r(void *in, void *definitions, int32_t count, char **args, int32_t strict)');
const call = (signature) => lib.func(signature);
const args = call('void *ps_args()');
const init = call('void *ps_init(void *config)');
const stream = call('int ps_start_stream(void *d)');
const start = call('int ps_start_utt(void *d)');
const feed = call('int ps_process_raw(void *d, int16_t *samples, size_t count, int a, int b)');
const inSpeech = call('uint8_t ps_get_in_speech(void *d)');
const model = '/usr/share/pocketsphinx/model/en-us';
const seen = (remove) => {
  const list = ['x', '-hmm', `${model}/en-us`, '-dict', `${model}/cmudict-en-us.dict`, '-lm', `${model}/en-us.lm.bin`, '-remove_silence', remove];
  const decoder = init(parse(null, args(), list.length, list, 1));
  stream(decoder);
  start(decoder);
  let pieces = 0;
  for (let piece = 0; piece < 10; piece++) {
    feed(decoder, new Int16Array(1600), 1600, 0, 0);
    if (inSpeech(decoder) !== 0) pieces++;
  }
  return pieces;
};
const [kept, removed] = [seen('no'), seen('yes')];
console.log(`of 10 pieces of zeros are speech: ${kept} with -remove_silence no, ${removed} with yes`);
process.exit(kept > 0 ? 0 : 1);
JS
node main.mjs
