#!/usr/bin/env bash
# @echogarden/rnnoise-wasm 0.2.0: 40 ms of zeros make RNNoise forget the noise that it had learned.
# Natural guess: silence, at a gap or to get the last block out, is no news to it.
# Behaviour: noise that was down to a thousandth is back at half its level for tenths of a second. The last block mirrored, there and
# back, in place of zeros keeps it down. White noise, here by a plain generator, is what shows it most.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @echogarden/rnnoise-wasm@0.2.0
cat >main.mjs <<'JS'
import instantiate from '@echogarden/rnnoise-wasm';
const rnnoise = await instantiate();
const at = rnnoise._malloc(480 * 4);
const levels = [];
for (const filler of ['zeros', 'mirrored']) {
  const state = rnnoise._rnnoise_create(0);
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x3fffffff - 1;
  let last = new Float32Array(480);
  /** The level of what comes out, as a share of what went in. */
  const process = (block) => {
    rnnoise.HEAPF32.set(block, at / 4);
    rnnoise._rnnoise_process_frame(state, at, at);
    const rms = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / 480);
    return rms(rnnoise.HEAPF32.slice(at / 4, at / 4 + 480)) / rms(block);
  };
  const noise = () => process((last = Float32Array.from({ length: 480 }, () => random() * 2000)));
  let before;
  for (let index = 0; index < 300; index++) before = noise();
  for (let index = 0; index < 4; index++) process(filler === 'zeros' ? new Float32Array(480) : (last = last.slice().reverse()));
  const after = Array.from({ length: 30 }, noise).slice(1);
  levels.push(after.reduce((sum, value) => sum + value) / after.length);
  console.log(`${filler}: ${before.toFixed(3)} before, ${levels.at(-1).toFixed(3)} in the 300 ms after`);
}
globalThis.process.exit(levels[0] > 0.2 && levels[1] < 0.05 ? 0 : 1);
JS
node main.mjs
