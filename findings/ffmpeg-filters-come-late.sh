#!/usr/bin/env bash
# ffmpeg (@ffmpeg-installer/linux-x64 4.1.0): what filters for sound do to the place of a sound, and to its end.
# Natural guess: a filter that looks ahead says so by its timestamps, or gives what it still holds at the end, as firequalizer does.
# Behaviour: each does it its own way, and nothing tells it. afftdn is in time and 1,200 samples short (in 5.1 it is 1,200 late and as
# long as it should be); alimiter is late by its attack and has lost as much; superequalizer is late by 4,095 samples at any rate, which is 256 ms
# at 16 kHz, and as long as whole blocks are; firequalizer is longer by twice its delay. See packages/plugin-ffmpeg/src/sound-filter.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @ffmpeg-installer/linux-x64@4.1.0
cat >main.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { resolve } from 'node:path';
const ffmpeg = resolve('node_modules/@ffmpeg-installer/linux-x64/ffmpeg');
chmodSync(ffmpeg, 0o755);
const noise = (rate) => ['-f', 'lavfi', '-i', `anoisesrc=r=${rate}:d=1:a=0.1:seed=3`];
function sound(rate, filter) {
  const args = ['-nostdin', '-v', 'error', ...noise(rate), '-af', filter, '-f', 'f32le', '-ac', '1', '-ar', `${rate}`, 'pipe:1'];
  return new Float32Array(new Uint8Array(execFileSync(ffmpeg, args, { maxBuffer: 2 ** 26 })).buffer);
}
function late(rate, filter) {
  const [original, heard] = [sound(rate, 'anull'), sound(rate, filter)];
  const at = rate / 2;
  let best = { lag: 0, likeness: 0 };
  for (let lag = 0; lag < rate / 2 - 1_000; lag++) {
    let sum = 0;
    for (let i = 0; i < 1_000; i++) sum += original[at + i] * (heard[at + i + lag] ?? 0);
    if (Math.abs(sum) > best.likeness) best = { lag, likeness: Math.abs(sum) };
  }
  return { late: best.lag, longer: heard.length - original.length };
}
const found = {
  afftdn: late(48_000, 'afftdn'),
  'alimiter=attack=20': late(48_000, 'alimiter=attack=20'),
  superequalizer: late(48_000, 'superequalizer'),
  'superequalizer at 16 kHz': late(16_000, 'superequalizer'),
  firequalizer: late(48_000, "firequalizer=gain='-6'"),
};
console.table(found);
const is = (name, late, longer) => found[name].late === late && found[name].longer === longer;
const asDescribed =
  is('afftdn', 0, -1_200) &&
  is('alimiter=attack=20', 959, 0) &&
  is('superequalizer', 4_095, 1_146) &&
  is('superequalizer at 16 kHz', 4_095, 382) &&
  is('firequalizer', 480, 960);
process.exit(asDescribed ? 0 : 1);
JS
node main.mjs
