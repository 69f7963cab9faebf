import { strict as assert } from 'node:assert';
import { hostCommand, hostEvent, parseControl } from '../../../packages/transport/src/host/child/control-messages.ts';
import {
  decodeAudio,
  decodeProgress,
  decodeWrite,
  encodeAudio,
  encodeControl,
  encodeProgress,
  encodeWrite,
  WireReader,
  wireKinds,
} from '../../../packages/transport/src/host/child/wire.ts';
import {
  decodePicture,
  decodeTaken,
  encodePictureHead,
  encodeTaken,
} from '../../../packages/transport/src/host/child/wire-pictures.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';
import { isOurs } from '../fuzzer/is-ours.ts';

const picture = { id: 1, name: 'camera', serial: 7, width: 4, height: 2, colorSpace: 'bt601' as const };
const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
const controls: readonly object[] = [
  { type: 'create-source', id: 1, options: { sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 20 } },
  { type: 'create-connection', id: 1, options: { candidates: 'all', iceServers: [{ urls: ['stun:x'] }] } },
  { type: 'set-remote', id: 1, call: 2, description: { type: 'offer', sdp: 'v=0', tracks: [], pending: ['a'] } },
  { type: 'add-candidate', id: 1, call: 2, candidate },
  { type: 'add-track', id: 1, name: 'camera', source: 2, settings: { maxBitrate: 1, codec: 'VP8' } },
  { type: 'result', call: 1, value: { a: [1] } },
  { type: 'fault', call: 1, code: 'X', message: 'y' },
  { type: 'packets', id: 1, data: { received: 5 } },
];

type Read = readonly [decode: (payload: Buffer) => unknown, print: (value: never) => Buffer];
const printControl: Read[1] = (value) => encodeControl(value as object);
const readers: Readonly<Record<number, readonly Read[]>> = {
  [wireKinds.control]: [
    [(payload) => parseControl(hostCommand, payload), printControl],
    [(payload) => parseControl(hostEvent, payload), printControl],
  ],
  [wireKinds.write]: [
    [decodeWrite, ({ source, samples }: ReturnType<typeof decodeWrite>) => encodeWrite(source, samples)],
  ],
  [wireKinds.progress]: [[decodeProgress, (values: Float64Array) => encodeProgress([...values])]],
  [wireKinds.audio]: [[decodeAudio, encodeAudio]],
  [wireKinds.taken]: [[decodeTaken, encodeTaken]],
  [wireKinds.picture]: [
    [
      decodePicture,
      (one: ReturnType<typeof decodePicture>) => Buffer.concat([encodePictureHead(one, one.bytes.length), one.bytes]),
    ],
  ],
};

export const mediaHostTarget: FuzzTarget = {
  name: 'media-host',
  reads: 'what the media engine and its parent write to each other',
  seeds: () => [
    ...controls.map(encodeControl),
    encodeWrite(1, Int16Array.of(1, 2, 3)),
    encodeProgress([1, 2, 3, 4, 5, 6, 7, 8]),
    encodeAudio({ connection: 1, name: 'microphone', samples: Int16Array.of(1, 2), sampleRate: 48_000, channels: 2 }),
    encodePictureHead({ ...picture, offset: 64 }, 0),
    Buffer.concat([encodePictureHead({ ...picture, offset: undefined }, 12), Buffer.alloc(12)]),
    Buffer.concat([encodeTaken(1), encodeTaken(2)]),
  ],
  run: (input) => {
    const take = (kind: number, payload: Buffer) => {
      for (const [decode, print] of readers[kind] ?? []) roundTrip(decode, print, payload);
    };
    // Whole, and in pieces.
    const [whole, pieces] = [new WireReader(take), new WireReader(() => {})];
    whole.push(Buffer.from(input));
    const piece = Math.max(5, input.length >> 4);
    for (let at = 0; at < input.length; at += piece) pieces.push(Buffer.from(input.subarray(at, at + piece)));
  },
};

function roundTrip(decode: Read[0], print: Read[1], payload: Buffer): void {
  let value: unknown;
  try {
    value = decode(payload);
  } catch (error) {
    if (isOurs(error)) return;
    throw error;
  }
  const printed = print(value as never);
  const again = print(decode(printed.subarray(8)) as never);
  assert.ok(again.equals(printed));
}
