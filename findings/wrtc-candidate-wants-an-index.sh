#!/usr/bin/env bash
# @roamhq/wrtc 0.10.0: a candidate with `sdpMid` and `sdpMLineIndex: null`, as WebRTC allows it and servers send it, is refused.
# Natural guess: one of the two names the m-line, as in browsers, and `null` is what the other has by default.
# Behaviour: "Expected a 32-bit integer" for `null`; where the key is left out it is taken. Drop the key if it is null before `addIceCandidate`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @roamhq/wrtc@0.10.0
cat >main.cjs <<'JS'
const { RTCPeerConnection } = require('@roamhq/wrtc');
const said = async (candidate) => {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.createDataChannel('any');
  await one.setLocalDescription(await one.createOffer());
  await other.setRemoteDescription(one.localDescription);
  const result = await other.addIceCandidate(candidate).then(() => 'taken', (error) => error.message);
  one.close();
  other.close();
  return result;
};
(async () => {
  const candidate = 'candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host';
  const withNull = await said({ candidate, sdpMid: '0', sdpMLineIndex: null });
  const without = await said({ candidate, sdpMid: '0' });
  console.log(`sdpMLineIndex null: ${withNull}; left out: ${without}`);
  process.exit(withNull.includes('32-bit integer') && without === 'taken' ? 0 : 1);
})();
JS
node main.cjs
