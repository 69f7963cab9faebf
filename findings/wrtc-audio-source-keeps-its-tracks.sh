#!/usr/bin/env bash
# @roamhq/wrtc 0.10.0: an RTCAudioSource keeps every track that it ever made, stopped or not, until it is collected itself.
# Natural guess: a track that was stopped and that nobody holds, whose connection was closed, is collected like any object.
# Behaviour: of 500 tracks of one source, each stopped and dropped, 500 are there after any number of collections, two persistent
# handles of the engine each; of 500 sources with a track each nothing is left. A program whose microphone lasts for days and that makes
# a track for each connection grows with every one that came and went. One track may be sent over any number of connections at
# once (`replaceTrack`): make one for each source. See packages/transport/src/host/engine/audio-source.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @roamhq/wrtc@0.10.0
cat >main.cjs <<'JS'
const { RTCAudioSource } = require('@roamhq/wrtc').nonstandard;
const { getHeapStatistics } = require('node:v8');
const TRACKS = 500;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const collect = async () => {
  for (let n = 0; n < 10; n++) {
    globalThis.gc();
    await wait(20);
  }
};
async function left(make) {
  await collect();
  const handles = getHeapStatistics().used_global_handles_size;
  const tracks = Array.from({ length: TRACKS }, () => {
    const track = make();
    track.stop();
    return new WeakRef(track);
  });
  await collect();
  const alive = tracks.filter((track) => track.deref() !== undefined).length;
  return { alive, bytes: getHeapStatistics().used_global_handles_size - handles };
}
(async () => {
  const kept = new RTCAudioSource();
  const ofOne = await left(() => kept.createTrack());
  const ofEach = await left(() => new RTCAudioSource().createTrack());
  console.log(`of one source ${ofOne.alive} of ${TRACKS} are there, ${ofOne.bytes} bytes of handles; of one each ${ofEach.alive}, ${ofEach.bytes} bytes`);
  // Its teardown has nothing to do with this.
  process.exitCode = ofOne.alive === TRACKS && ofOne.bytes >= TRACKS * 32 && ofEach.alive < TRACKS / 10 ? 0 : 1;
  process.reallyExit(process.exitCode);
})();
JS
node --expose-gc main.cjs
