#!/usr/bin/env bash
# Chromium (Debian's 156, by playwright-core): the first connection of a page whose offer is rolled back in the moment in which
# it was set, as the polite side of perfect negotiation does when two first offers cross.
# Natural guess: it takes the other offer, answers, gathers candidates and connects.
# Behaviour: often, in 24 of 32 pages here, it stays "new" for good. It says that it gathers, and tells no candidate and no end;
# an ICE restart of a later offer changes nothing. A connection made anew in its place always connects. Later connections of
# a page are not concerned: by then the browser knows its networks. Before anything was agreed, make it anew instead.
set -euo pipefail
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser)}
export CHROMIUM
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund playwright-core@1.65.1
cat >main.cjs <<'JS'
const { createServer } = require('node:http');
const { chromium } = require('playwright-core');

/** Runs in the page: two offers cross, and the first side gives way. */
async function cross(anew) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  let far;
  const open = () => {
    const near = new RTCPeerConnection();
    near.onicecandidate = ({ candidate }) => candidate && far?.addIceCandidate(candidate).catch(() => {});
    near.addTransceiver(stream.getTracks()[0], { direction: 'sendonly' });
    return near;
  };
  let near = open();
  await near.setLocalDescription();
  if (anew) {
    near.close();
    near = open();
  } else await near.setLocalDescription({ type: 'rollback' });
  far = new RTCPeerConnection();
  far.onicecandidate = ({ candidate }) => candidate && near.addIceCandidate(candidate).catch(() => {});
  far.addTransceiver('audio');
  for (const iceRestart of [undefined, true]) {
    const [offering, answering] = iceRestart ? [near, far] : [far, near];
    await offering.setLocalDescription(await offering.createOffer({ iceRestart }));
    await answering.setRemoteDescription(offering.localDescription);
    await answering.setLocalDescription();
    await offering.setRemoteDescription(answering.localDescription);
  }
  for (let n = 0; n < 30 && near.connectionState !== 'connected'; n++) await new Promise((done) => setTimeout(done, 100));
  return near.connectionState;
}

(async () => {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>page'));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const args = ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
  const states = { 'rolled back': {}, 'made anew': {} };
  for (let n = 0; n < 32; n++) {
    for (const how of Object.keys(states)) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}`);
      const state = await page.evaluate(`(${cross})(${how === 'made anew'})`);
      states[how][state] = (states[how][state] ?? 0) + 1;
      await context.close();
    }
  }
  console.log(`Chromium ${browser.version()}`, JSON.stringify(states));
  await browser.close();
  server.close();
  process.exit(states['rolled back'].new > 0 && states['made anew'].connected === 32 ? 0 : 1);
})();
JS
node main.cjs
