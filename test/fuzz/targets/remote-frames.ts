import { strict as assert } from 'node:assert';
import { audioFrame, type Frame, micros, SampleMemory, videoFrame } from '@sluice/core';
import { decodeFrame } from '../../../packages/fleet/src/links/wire/decode-frame.ts';
import { encodeFrame, type FrameStamp } from '../../../packages/fleet/src/links/wire/encode-frame.ts';
import { FrameHeader } from '../../../packages/fleet/src/links/wire/frame-header.ts';
import { At, MessageKind } from '../../../packages/fleet/src/links/wire/layout.ts';
import { OutgoingMemory } from '../../../packages/fleet/src/links/wire/outgoing-memory.ts';
import {
  decodeBye,
  decodeCredit,
  decodeRefusal,
  encodeBye,
  encodeCredit,
  encodeRefusal,
} from '../../../packages/fleet/src/links/wire/receiver-notes.ts';
import {
  decodeBeat,
  decodeFailure,
  encodeBeat,
  encodeFailure,
} from '../../../packages/fleet/src/links/wire/sender-notes.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const memory = new OutgoingMemory();
const samples = new SampleMemory();
const MOST = 1 << 20;
const timestamp = micros(20_000);
const stamp: FrameStamp = {
  session: 9,
  sequence: 4,
  epoch: 1,
  voids: 0,
  gap: { duration: timestamp, reason: 'overflow' },
};

const frames: readonly (() => Frame)[] = [
  () =>
    audioFrame({ samples: new Int16Array([1, 2, 3, 4]), sampleRate: 8_000, channels: 2, timestamp, utterance: 'u' }),
  () => videoFrame({ data: new Uint8Array(6), width: 2, height: 2, format: 'I420', timestamp }),
  () => ({ kind: 'text', timestamp, utterance: ['a', 'b'], text: 'words', heat: new Float32Array([1]) }) as Frame,
];

export const remoteFramesTarget: FuzzTarget = {
  name: 'remote-frames',
  reads: 'messages of links between machines, in both directions',
  maxBytes: 16_384,
  seeds: () => [
    ...frames.map((make) => encodeFrame(make(), stamp, memory, MOST).slice()),
    encodeBeat({ session: 9, receiver: 8, sequence: 7, epoch: 6, voids: 5, ended: true }),
    encodeFailure(9, { code: 'SLUICE_ABORTED', message: 'over' }),
    encodeCredit({
      session: 9,
      receiver: 8,
      taken: 7,
      voids: 6,
      frames: 5,
      bytes: 4,
      together: 2,
      media: 3,
      done: false,
    }),
    encodeBye({ session: 9, receiver: 8, taken: 7, done: true }),
    encodeRefusal(9, 'version'),
  ],
  run: (input) => {
    switch (input[At.kind]) {
      case MessageKind.beat:
        return same(input, encodeBeat(decodeBeat(input)));
      case MessageKind.fail:
        return void decodeFailure(input);
      case MessageKind.credit:
        return same(input, encodeCredit(decodeCredit(input)));
      case MessageKind.bye:
        return same(input, encodeBye(decodeBye(input)));
      case MessageKind.refuse:
        return void decodeRefusal(input);
      default:
        return readFrame(input);
    }
  },
};

/** What is read of a frame is read again of what is written of it. */
function readFrame(input: Uint8Array): void {
  const { frame, header } = decoded(input);
  const { session, sequence, epoch, voids, gap } = header;
  const written = encodeFrame(frame, { session, sequence, epoch, voids, gap }, memory, MOST).slice();
  const again = decoded(written);
  assert.deepEqual(encodeFrame(again.frame, { session, sequence, epoch, voids, gap }, memory, MOST), written);
  frame.close?.();
  again.frame.close?.();
}

function decoded(message: Uint8Array): { frame: Frame; header: FrameHeader } {
  const header = new FrameHeader();
  header.read(message);
  return { frame: decodeFrame(message.subarray(0, header.length), header, samples), header };
}

/** The fields that were read stand where they stood. */
function same(input: Uint8Array, written: Uint8Array): void {
  const length = Math.min(written.length, input.length);
  assert.deepEqual(Buffer.from(written).subarray(8, length), Buffer.from(input).subarray(8, length));
}
