#!/usr/bin/env bash
# mediabunny 1.61.0: a damaged Matroska file, here one of zeros behind its head, holds the process up for ever.
# Natural guess: a damaged file is an error, or ends early; at worst a deadline of the caller ends it.
# Behaviour: where what follows is no element it looks for the next one byte by byte, and does not move on over the last eight bytes of
# the file: a loop without a turn of the event loop, in which no timer fires. See packages/plugin-mediabunny/src/input/guarded-source.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts mediabunny@1.61.0
cat >read.mjs <<'JS'
import { BufferSource, BufferTarget, EncodedAudioPacketSource, EncodedPacket, EncodedPacketSink, Input, MATROSKA } from 'mediabunny';
import { MkvOutputFormat, Output } from 'mediabunny';
const output = new Output({ format: new MkvOutputFormat(), target: new BufferTarget() });
const packets = new EncodedAudioPacketSource('pcm-s16');
output.addAudioTrack(packets);
await output.start();
const decoderConfig = { codec: 'pcm-s16', sampleRate: 8_000, numberOfChannels: 1 };
for (let n = 0; n < 20; n++) await packets.add(new EncodedPacket(new Uint8Array(1_600), 'key', n / 10, 0.1), { decoderConfig });
await output.finalize();
const bytes = new Uint8Array(output.target.buffer);
// The mark of the first cluster, 1F 43 B6 75: no element begins with a byte of 0.
const cluster = Buffer.from(bytes).indexOf(Buffer.of(0x1f, 0x43, 0xb6, 0x75));
if (process.argv[2] === 'damaged') for (let i = cluster; i < bytes.length; i++) bytes[i] = 0;
const input = new Input({ formats: [MATROSKA], source: new BufferSource(bytes) });
setTimeout(() => console.log('the timer fired'), 200).unref();
let read = 0;
for await (const _ of new EncodedPacketSink((await input.getAudioTracks())[0]).packets()) read++;
console.log(read, 'packets');
JS
whole=$(node read.mjs whole)
status=0
damaged=$(timeout 10 node read.mjs damaged 2>&1) || status=$?
echo "whole: $whole; damaged: status $status (124: ended after 10 s) and \"$damaged\""
[[ $whole == '20 packets' && $status == 124 && $damaged == '' ]]
