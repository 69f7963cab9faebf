#!/usr/bin/env bash
# @roamhq/wrtc 0.10.0: a connection that may use relays only and got none stays `new`, whatever it is told.
# Natural guess: both sides have gathered, told that there are no more candidates (`addIceCandidate(null)`), and have no way:
# iceConnectionState becomes `failed`, which the standard has for a transport where "zero local candidates were gathered".
# Behaviour: with a wrong credential both sides are `new` 20 s later, in both states, while gathering is `complete` after 0.2 s.
# Only `icecandidateerror` tells: 401. It also comes for what was never asked for: 701 with a `stun:` URL that is in no
# configuration, from IPv6 interfaces without a way, where the TURN server gives its relays by IPv4 and the connection comes up.
# Needs coturn (`turnserver`). See packages/transport/src/room/embedded/relay-watch.ts.
set -euo pipefail
folder=$(mktemp -d)
turn=''
trap '[ -z "$turn" ] || kill "$turn"; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @roamhq/wrtc@0.10.0
port=$(node -e "const s = require('node:dgram').createSocket('udp4'); s.bind(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
turnserver -n --lt-cred-mech --allow-loopback-peers --no-tls --no-dtls --no-cli --listening-ip=127.0.0.1 --relay-ip=127.0.0.1 \
  --listening-port="$port" --user=ada:secret --realm=finding --pidfile=pid --log-file=log --userdb=db >/dev/null 2>&1 &
turn=$!
cat >main.cjs <<'JS'
const { RTCPeerConnection } = require('@roamhq/wrtc');
const net = require('node:net');
const { networkInterfaces } = require('node:os');
const port = Number(process.argv[2]);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const answers = () => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => resolve(!!socket.destroy())).on('error', () => resolve(false));
});
async function connect(credential, ms) {
  const iceServers = [{ urls: `turn:127.0.0.1:${port}?transport=udp`, username: 'ada', credential }];
  const [a, b] = [0, 1].map(() => new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' }));
  const [errors, ended] = [new Set(), []];
  for (const [own, far] of [[a, b], [b, a]]) {
    own.onicecandidateerror = ({ errorCode, url }) => errors.add(`${errorCode} ${url.split(':')[0]}:`);
    own.onicecandidate = ({ candidate }) => ended.push(far.addIceCandidate(candidate));
  }
  a.createDataChannel('data');
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await a.setRemoteDescription(answer);
  await wait(ms);
  await Promise.all(ended);
  const states = [a, b].flatMap((one) => [one.iceGatheringState, one.iceConnectionState, one.connectionState]);
  a.close();
  b.close();
  return { states: [...new Set(states)].join(' '), errors };
}
(async () => {
  while (!(await answers())) await wait(50);
  const right = await connect('secret', 5_000);
  const wrong = await connect('not-the-secret', 20_000);
  for (const [name, { states, errors }] of Object.entries({ right, wrong })) console.log(`${name}: ${states}; ${[...errors].join(', ')}`);
  const stays = wrong.states === 'complete new' && wrong.errors.has('401 turn:') && /connected/.test(right.states);
  const ipv6 = Object.values(networkInterfaces()).flat().some(({ family }) => family === 'IPv6');
  process.exit(stays && (!ipv6 || right.errors.has('701 stun:')) ? 0 : 1);
})();
JS
node main.cjs "$port"
