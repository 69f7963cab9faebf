import { encodeG711, muLaw } from '@sluice/core/kernels';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formChecks } from '../testing/form-checks.ts';
import { jsonForm } from './json-form.ts';
import type { MediaForm } from './media-form.ts';
import { rawForm } from './raw-form.ts';
import { twilioForm } from './twilio-form.ts';

const start = JSON.stringify({
  event: 'start',
  sequenceNumber: '1',
  start: { streamSid: 'MZ1', callSid: 'CA1', customParameters: { who: 'Ada' } },
  streamSid: 'MZ1',
});
const forms: Record<string, { make: () => MediaForm; begin?: string[]; minSnrDb?: number }> = {
  'raw s16le': { make: () => rawForm({ sampleRate: 24_000, channels: 2 }), minSnrDb: 90 },
  'raw mu-law': { make: () => rawForm({ encoding: 'mu-law' }) },
  'raw A-law': { make: () => rawForm({ encoding: 'a-law' }) },
  twilio: { make: () => twilioForm(), begin: [start] },
  json: { make: () => jsonForm({ sampleRate: 16_000, channels: 2 }), minSnrDb: 90 },
  'json mu-law': { make: () => jsonForm({ sampleRate: 8_000, encoding: 'mu-law' }) },
};
const refused = expect.objectContaining({ code: 'SLUICE_MEDIA_SOCKET_MESSAGE' });
const read = (form: MediaForm, ...messages: (string | Uint8Array)[]) => {
  const session = form.open();
  return messages.map((message) => session.read(message, () => {}));
};

for (const [name, trial] of Object.entries(forms))
  describe(`the form ${name}`, () => {
    for (const check of formChecks) it(check.name, () => check.run(trial));
  });

describe('G.711 on the wire', () => {
  it('has silence of mu-law at 0xff and of A-law at 0xd5, and -1 is nothing loud', () => {
    const bytes = (encoding: 'mu-law' | 'a-law', ...samples: number[]) => [
      ...(rawForm({ encoding }).open().media(Int16Array.from(samples)) as Uint8Array),
    ];
    expect(bytes('mu-law', 0, -1, 1)).toEqual([0xff, 0x7f, 0xff]);
    expect(bytes('a-law', 0, -1, 8, -8)).toEqual([0xd5, 0x55, 0xd5, 0x55]);
    const heard = (encoding: 'mu-law' | 'a-law', byte: number) =>
      read(rawForm({ encoding }), Uint8Array.of(byte))[0] as { samples: Int16Array };
    expect([heard('mu-law', 0xff).samples[0], heard('mu-law', 0x7f).samples[0]]).toEqual([0, 0]);
    expect([heard('a-law', 0xd5).samples[0], heard('a-law', 0x55).samples[0]]).toEqual([8, -8]);
  });
});

describe('raw sound', () => {
  it('is the same however it is cut into messages', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ minLength: 2, maxLength: 200 }),
        fc.array(fc.integer({ min: 1, max: 40 })),
        (given, cuts) => {
          const samples = given.subarray(0, given.length & ~1);
          const form = rawForm({ channels: 2 });
          const bytes = form.open().media(samples) as Uint8Array;
          const session = form.open();
          const heard: number[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const end = Math.min(bytes.length, at + (cuts[i % cuts.length] ?? 7));
            const event = session.read(bytes.slice(at, end), () => {});
            if (event?.type === 'media') heard.push(...event.samples);
            at = end;
          }
          expect(heard).toEqual([...samples]);
        },
      ),
    );
  });
});

describe('Twilio', () => {
  const media = (sequence: number, fields: object) =>
    JSON.stringify({ event: 'media', sequenceNumber: `${sequence}`, streamSid: 'MZ1', media: fields });
  const payload = Buffer.from(encodeG711(muLaw, 'mu').buffer).toString('base64');

  it('tells the start, keys, marks and the stop', () => {
    const told = read(
      twilioForm(),
      '{"event":"connected","protocol":"Call","version":"1.0.0"}',
      start,
      '{"event":"dtmf","sequenceNumber":"2","dtmf":{"track":"inbound_track","digit":"#"}}',
      '{"event":"mark","sequenceNumber":"3","mark":{"name":"m"}}',
      '{"event":"of-tomorrow","sequenceNumber":"4"}',
      '{"event":"stop","sequenceNumber":"5","stop":{}}',
    );
    expect(told).toEqual([
      undefined,
      { type: 'started', start: { streamId: 'MZ1', callId: 'CA1', parameters: { who: 'Ada' } } },
      { type: 'digit', digit: '#' },
      { type: 'mark', name: 'm' },
      undefined,
      { type: 'stopped' },
    ]);
  });

  it('hears one track, each message once, with its time', () => {
    const told = read(
      twilioForm(),
      media(2, { track: 'inbound', chunk: '1', timestamp: '5', payload }),
      media(2, { track: 'inbound', chunk: '1', timestamp: '5', payload }),
      media(3, { track: 'outbound', chunk: '1', timestamp: '5', payload }),
    );
    expect(told).toEqual([{ type: 'media', atMs: 5, samples: muLaw }, undefined, undefined]);
  });

  it('reads keys that come out of turn once, no sound that does, and numbers that begin anew', () => {
    const digit = (sequence: number) =>
      `{"event":"dtmf","sequenceNumber":"${sequence}","dtmf":{"digit":"${sequence % 10}"}}`;
    const sound = (sequence: number) => media(sequence, { payload });
    const numbers = [sound(5), digit(4), digit(4), sound(3), digit(300), sound(1), digit(2), digit(2), sound(3)];
    const told = read(twilioForm(), ...numbers).map((event) => (event?.type === 'digit' ? event.digit : event?.type));
    expect(told).toEqual(['media', '4', undefined, undefined, '0', 'media', '2', undefined, 'media']);
  });

  it('reads the start of its stream once, and refuses that of another', () => {
    const events = read(twilioForm(), start, media(7, { payload }), start, media(8, { payload }));
    expect(events.map((event) => event?.type)).toEqual(['started', 'media', undefined, 'media']);
    expect(() => read(twilioForm(), start, start.replaceAll('MZ1', 'MZ2'))).toThrow(refused);
  });

  it('says what Twilio reads', () => {
    const session = twilioForm().open();
    expect(session.ready).toBe(false);
    session.read(start, () => {});
    expect(session.ready).toBe(true);
    expect(JSON.parse(session.media(Int16Array.of(0, 0)) as string)).toEqual({
      event: 'media',
      streamSid: 'MZ1',
      media: { payload: '//8=' },
    });
    expect(JSON.parse(session.mark!('m') as string)).toEqual({ event: 'mark', streamSid: 'MZ1', mark: { name: 'm' } });
    expect(JSON.parse(session.clear!() as string)).toEqual({ event: 'clear', streamSid: 'MZ1' });
  });

  it.each([
    ['another encoding', '{"event":"start","start":{"streamSid":"M","mediaFormat":{"encoding":"audio/opus"}}}'],
    ['base64 that is none', media(9, { payload: '????' })],
    // Looked at once: a search for its end that begins anew at each character takes minutes.
    ['much of what ends base64', media(9, { payload: `${'='.repeat(260_000)}A` })],
    ['a payload that is none', media(9, { payload: 7 })],
    // Without end there would be others between two numbers, and all are remembered.
    ['a number that counts nothing', media(9.5, { payload: '//8=' })],
    ['a number that is too high to count', media(1e300, { payload: '//8=' })],
    ['a time that is none', media(9, { payload: '//8=', timestamp: 'soon' })],
    ['a mark without a name', '{"event":"mark","mark":{}}'],
    ['bytes', Uint8Array.of(1)],
  ])('refuses %s', (_what, message) => {
    expect(() => read(twilioForm(), message)).toThrow(refused);
  });
});

describe('the JSON form', () => {
  it('is read by its other side, with its times, and answers marks', () => {
    const [one, other] = [jsonForm({ sampleRate: 8_000 }).open(), jsonForm({ sampleRate: 8_000 }).open()];
    const answers: unknown[] = [];
    const say = (message: unknown) => other.read(message as string, (answer) => answers.push(answer));
    expect(say(one.hello!())).toEqual({ type: 'started', start: { parameters: {} } });
    expect(say(one.media(Int16Array.of(1, 2, 3, 4)))).toEqual({
      type: 'media',
      atMs: 0,
      samples: Int16Array.of(1, 2, 3, 4),
    });
    expect(say(one.media(Int16Array.of(5)))).toMatchObject({ atMs: 0.5 });
    expect(say(one.mark!('m'))).toBeUndefined();
    expect(one.read(answers[0] as string, () => {})).toEqual({ type: 'mark', name: 'm' });
    expect(say(one.clear!())).toEqual({ type: 'clear' });
    expect(say('{"type":"digit","digit":"1"}')).toEqual({ type: 'digit', digit: '1' });
    expect(say('{"type":"stop"}')).toEqual({ type: 'stopped' });
  });

  it('refuses the start of another format and parts of samples', () => {
    expect(() => read(jsonForm(), '{"type":"start","sampleRate":8000}')).toThrow(/another sampleRate.*16000.*8000/);
    expect(() => read(jsonForm(), '{"type":"media","audio":"AAAA"}')).toThrow(refused);
  });
});

it('options are checked at once', () => {
  // @ts-expect-error misspelt
  expect(() => rawForm({ sampleRat: 8_000 })).toThrow(/did you mean sampleRate/);
  // @ts-expect-error misspelt
  expect(() => jsonForm({ chanels: 1 })).toThrow(/did you mean channels/);
  // @ts-expect-error misspelt
  expect(() => twilioForm({ trak: 'inbound' })).toThrow(/did you mean track/);
  expect(() => rawForm({ encoding: 'opus' as never })).toThrow(/s16le, mu-law, a-law/);
  expect(() => twilioForm({ track: 'both' as never })).toThrow(/inbound, outbound/);
  expect(() => rawForm({ sampleRate: 10 })).toThrow(RangeError);
  expect(() => jsonForm({ channels: 99 })).toThrow(RangeError);
});
