#!/usr/bin/env bash
# @echogarden/espeak-ng-emscripten 0.3.5: an SSML mark before each word does not time each word.
# Natural guess: `<mark name="n"/>` before every word comes back as a `mark` event for every word.
# Behaviour: the first mark after a sentence that ends with a full stop is never told (after "!" it is, after a comma it is),
# "Dr." ends such a sentence too; and of words that are spoken as one ("of the") the second has the time of the word after
# it. The `sentence` event stands where the mark is missing. See packages/plugin-espeak/src/worker/token-times.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @echogarden/espeak-ng-emscripten@0.3.5
cat >main.mjs <<'JS'
import Module from '@echogarden/espeak-ng-emscripten';
const { eSpeakNGWorker } = await Module({ print() {}, printErr() {} });
const espeak = await new eSpeakNGWorker();
espeak.set_voice('en-us');
function marks(text) {
  const words = text.split(' ');
  const told = [];
  espeak.synthesize(words.map((word, n) => `<mark name="${n}"/>${word}`).join(' '), (_samples, events) => {
    for (const { type, id, audio_position } of events) if (type === 'mark') told.push([words[id], audio_position]);
    return false;
  });
  return told;
}
const names = (text) => marks(text).map(([word]) => word).join(' ');
const sentences = [names('I am. Then I go.'), names('I am! Then I go.'), names('Dr. Smith is in.')];
const merged = Object.fromEntries(marks('one of the best'));
console.log('marks told:', sentences.join(' | '), '; one of the best:', JSON.stringify(merged));
const asDescribed =
  sentences[0] === 'I am. I go.' && sentences[1] === 'I am! Then I go.' && sentences[2] === 'Dr. is in.' && merged.the === merged.best;
process.exit(asDescribed ? 0 : 1);
JS
node main.mjs
