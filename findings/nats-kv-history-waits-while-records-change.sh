#!/usr/bin/env bash
# @nats-io/kv 3.3.1 with nats-server 2.9: reading a whole bucket ends when its records rest, not when all of them have come.
# Natural guess: `history()` ends with the last record that was there when it was asked for, as soon as that has come.
# Behaviour: it ends when the server says that nothing is pending. A bucket keeps one value of each key, so a record that is changed goes
# away where it stood and comes back at the end: 20 keys that are changed for 3 s have all come within 2 ms, and the iterator ends after
# 33 s, 30 behind the last change. Of a bucket that rests it ends after 4 ms.
# Needs nats-server (Debian package). See packages/fleet/src/store/fleet-store.ts, which reads until each key has come.
set -euo pipefail
folder=$(mktemp -d)
server=''
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @nats-io/kv@3.3.1 @nats-io/transport-node@3.3.1
port=$(node -e "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
nats-server -a 127.0.0.1 -p "$port" -js -sd "$folder/js" >/dev/null 2>&1 &
server=$!
cat >main.mjs <<'JS'
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
const nc = await connect({ port: Number(process.argv[2]), waitOnFirstConnect: true });
const kv = await new Kvm(nc).create('records');
const keys = Array.from({ length: 20 }, (_, n) => `key-${n}`);
for (const key of keys) await kv.put(key, '0');
async function read() {
  const [began, missing] = [performance.now(), new Set(keys)];
  let allMs;
  for await (const { key } of await kv.history()) {
    missing.delete(key);
    if (missing.size === 0) allMs ??= Math.round(performance.now() - began);
  }
  return { allMs, endMs: Math.round(performance.now() - began) };
}
const still = await read();
const until = performance.now() + 3_000;
const changing = [0, 1, 2, 3].map(async (part) => {
  for (let n = 0; performance.now() < until; n++) await kv.put(keys[(4 * n + part) % keys.length], `${n}`);
});
const busy = await read();
await Promise.all(changing);
console.log('at rest', still, 'while records change for 3 s', busy);
await nc.close();
process.exit(still.endMs < 1_000 && busy.allMs < 1_000 && busy.endMs > 2_500 ? 0 : 1);
JS
nats-server --version
node main.mjs "$port"
