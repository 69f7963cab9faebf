import { strict as assert } from 'node:assert';
import { jsonForm } from '../../../packages/plugin-websocket/src/forms/json-form.ts';
import type { WireMessage } from '../../../packages/plugin-websocket/src/forms/media-form.ts';
import { rawForm } from '../../../packages/plugin-websocket/src/forms/raw-form.ts';
import { twilioForm } from '../../../packages/plugin-websocket/src/forms/twilio-form.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const forms = [
  twilioForm(),
  jsonForm({ sampleRate: 16_000, channels: 2 }),
  jsonForm({ sampleRate: 8_000, encoding: 'mu-law' }),
  rawForm({ channels: 2 }),
  rawForm({ encoding: 'a-law' }),
];
const start = { streamSid: 'MZ1', callSid: 'CA1', customParameters: { who: 'Ada' } };
const twilio = [
  { event: 'connected', protocol: 'Call', version: '1.0.0' },
  { event: 'start', sequenceNumber: '1', streamSid: 'MZ1', start },
  { event: 'media', sequenceNumber: '2', media: { track: 'inbound', timestamp: '20', payload: '/v8A' } },
  { event: 'dtmf', sequenceNumber: '3', dtmf: { digit: '#' } },
  { event: 'mark', sequenceNumber: '4', mark: { name: 'a' } },
  { event: 'stop', sequenceNumber: '5' },
];

/** The first byte chooses the form, its highest bit whether the rest is text; lines of text are messages. */
const input = (form: number, ...messages: WireMessage[]) =>
  Buffer.concat([
    Buffer.of(form | (typeof messages[0] === 'string' ? 0x80 : 0)),
    Buffer.from(typeof messages[0] === 'string' ? messages.join('\n') : messages[0]!),
  ]);

export const mediaSocketTarget: FuzzTarget = {
  name: 'media-socket',
  reads: 'messages of media over WebSockets, in each form',
  seeds: () => [
    input(0, ...twilio.map((message) => JSON.stringify(message))),
    ...forms.slice(1).map((form, at) => {
      const session = form.open();
      const hello = session.hello?.();
      const sound = session.media(Int16Array.of(1, 2, 3, 4));
      return typeof sound === 'string' && typeof hello === 'string'
        ? input(at + 1, hello, sound)
        : input(at + 1, sound);
    }),
  ],
  run: (bytes) => {
    const form = forms[((bytes[0] ?? 0) % 0x80) % forms.length]!;
    const rest = Buffer.from(bytes.subarray(1));
    const messages: WireMessage[] = (bytes[0] ?? 0) >= 0x80 ? rest.toString().split('\n') : [new Uint8Array(rest)];
    const session = form.open();
    for (const message of messages) {
      const event = session.read(message, () => {});
      if (event?.type !== 'media') continue;
      assert.equal(event.samples.length % form.channels, 0);
      assert.ok(event.atMs === undefined || Number.isFinite(event.atMs));
      if (!session.ready) continue;
      // What is heard can be said again, in the same form.
      session.media(event.samples);
    }
  },
};
