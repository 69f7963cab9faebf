#!/usr/bin/env bash
# ffmpeg (@ffmpeg-installer/linux-x64 4.1.0): the same AAC lies elsewhere out of an MP4 file in fragments than out of one without.
# Natural guess: `-c copy -movflags frag_keyframe+delay_moov` makes a file that plays as the one it was copied from.
# Behaviour: both files have the edit list (`elst`) that says that the first 1,024 samples are the encoder's. It is followed to the sample
# in the file without fragments, and passed over in the one with them: every sound comes 1,024 samples (21.3 ms at 48 kHz) late, behind
# what nobody recorded. With `empty_moov` no list is written and it is as late. Of both files the last packet is decoded whole, 128 samples too many.
# See packages/plugin-ffmpeg/src/reading/mp4-extent.ts, which reads the index to put both right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @ffmpeg-installer/linux-x64@4.1.0
cat >main.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
const ffmpeg = resolve('node_modules/@ffmpeg-installer/linux-x64/ffmpeg');
chmodSync(ffmpeg, 0o755);
const run = (...args) => execFileSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 2 ** 26 });
const decoded = (name) => new Int16Array(new Uint8Array(run('-i', name, '-f', 's16le', '-ac', '1', 'pipe:1')).buffer);
run('-f', 'lavfi', '-i', 'anoisesrc=r=48000:d=1:a=0.1:seed=3', 'sound.wav');
run('-i', 'sound.wav', '-c:a', 'aac', '-b:a', '192k', 'whole.mp4');
const fragments = { 'delayed.mp4': 'frag_keyframe+delay_moov', 'empty.mp4': 'frag_keyframe+empty_moov' };
for (const [name, flags] of Object.entries(fragments)) run('-i', 'whole.mp4', '-c', 'copy', '-movflags', flags, name);
const original = decoded('sound.wav');
const found = {};
for (const name of ['whole.mp4', ...Object.keys(fragments)]) {
  const heard = decoded(name);
  let best = { lag: 0, likeness: 0 };
  for (let lag = -3_000; lag < 3_000; lag++) {
    let likeness = 0;
    for (let i = 20_000; i < 22_000; i++) likeness += original[i] * heard[i + lag];
    if (likeness > best.likeness) best = { lag, likeness };
  }
  found[name] = { late: best.lag, longer: heard.length - original.length, edited: readFileSync(name).includes('elst') };
}
console.table(found);
const is = (name, late, longer, edited) =>
  found[name].late === late && found[name].longer === longer && found[name].edited === edited;
const asDescribed = is('whole.mp4', 0, 128, true) && is('delayed.mp4', 1_024, 1_152, true) && is('empty.mp4', 1_024, 1_152, false);
process.exit(asDescribed ? 0 : 1);
JS
node main.mjs
