#!/usr/bin/env bash
# ffmpeg (@ffmpeg-installer/linux-x64 4.1.0; Debian's 5.1 does the same): the same packets of Opus lie 7 ms later out of WebM than out of Ogg.
# Natural guess: `aresample=async=1:first_pts=0`, which keeps sound at its place by filling holes, leaves a file that begins at 0 as it is.
# Behaviour: in WebM and Matroska the time of the first packet is that of what a decoder throws away (CodecDelay, 6.5 ms, as whole
# milliseconds), so the whole file is moved by 7 ms, and the filter puts 336 samples of silence in front; the file is as much longer. Out of
# Ogg, which was remuxed with `-c copy`, nothing is put in. Without the filter both begin at once, but then holes are not kept either.
# See packages/plugin-ffmpeg/src/reading/from-media.ts for what is taken for the beginning of a file.
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
const run = (...args) => execFileSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 2 ** 26 });
run('-f', 'lavfi', '-i', 'anoisesrc=r=48000:d=1:a=0.1:seed=3', '-c:a', 'libopus', 'sound.ogg');
for (const name of ['sound.webm', 'sound.mka']) run('-i', 'sound.ogg', '-c', 'copy', name);
const found = Object.fromEntries(
  ['sound.ogg', 'sound.webm', 'sound.mka'].flatMap((name) =>
    ['anull', 'aresample=async=1:first_pts=0'].map((filter) => {
      const bytes = run('-i', name, '-af', filter, '-f', 's16le', '-ac', '1', 'pipe:1');
      const samples = new Int16Array(new Uint8Array(bytes).buffer);
      return [`${name} ${filter}`, { samples: samples.length, zerosInFront: samples.findIndex((sample) => sample !== 0) }];
    }),
  ),
);
console.table(found);
const zeros = (name, filter) => found[`${name} ${filter}`].zerosInFront;
const filled = 'aresample=async=1:first_pts=0';
const asDescribed =
  ['sound.ogg', 'sound.webm', 'sound.mka'].every((name) => zeros(name, 'anull') < 10) &&
  zeros('sound.ogg', filled) < 10 &&
  ['sound.webm', 'sound.mka'].every((name) => Math.abs(zeros(name, filled) - 336) < 10);
process.exit(asDescribed ? 0 : 1);
JS
node main.mjs
