import { expect, it } from 'vitest';
import type { GraphTopology } from '../../protocol/messages.ts';
import { SessionSound } from './session-sound.ts';

const node = (kind: string, id: string, made: string) => ({ kind, id, description: `${id} [${made}]` });
const graph = {
  graph: 1,
  name: 'bot',
  nodes: [node('source', 'call', 'fromCall'), node('source', 'call-2', 'fromCall'), node('sink', 'mouth/mic', 'toMic')],
  links: [
    { id: 'call->ear', from: 'call', to: 'ear' },
    { id: 'call-2->ear', from: 'call-2', to: 'ear' },
    { id: 'voice->mic', from: 'voice', to: 'mouth/mic' },
  ],
} as unknown as GraphTopology;

const audio = { $: 'audio', sampleRate: 8_000, channels: 1, timestamp: 0, bytes: 4 };
const samples = (value: number) => new Uint8Array(Int16Array.of(value, value).buffer);

it('knows the sound of links from sources and into sinks, by when it passed', () => {
  const sound = new SessionSound();
  sound.take({ end: 'ada', what: 'source', answer: { name: 'fromCall' } }, samples(0));
  sound.take({ end: 'ben', what: 'source', answer: { name: 'fromCall' } }, samples(0));
  sound.take({ end: 'mouth', what: 'sink', answer: { name: 'toMic' } }, samples(0));
  sound.take({ at: 1_000, end: 'ada', what: 'frame', value: audio }, samples(1));
  sound.take({ at: 1_020, end: 'ben', what: 'frame', value: { ...audio, gap: { duration: 40 } } }, samples(2));
  // What goes out has no time of its own: it is that of what came in before it.
  sound.take({ end: 'mouth', what: 'frame', value: audio }, samples(3));
  sound.take({ at: 5_000, end: 'ada', what: 'frame', value: audio }, samples(4));
  sound.take({ at: 5_020, end: 'ada', what: 'frame', value: { ...audio, hash: '00' } }, samples(5));
  const links = sound.ofLinks([graph], 100_000);
  const heard = (link: string, moment?: number, ms = 10_000) =>
    links.before(link, moment, ms).map(({ payload, gap }) => [new Int16Array(payload.buffer)[0], gap]);
  expect(heard('call->ear')).toEqual([
    [1, 0],
    [4, 0],
  ]);
  expect(heard('call->ear', 104_999)).toEqual([[1, 0]]);
  expect(heard('call->ear', 105_000, 1_000)).toEqual([[4, 0]]);
  expect(heard('call-2->ear', 101_019)).toEqual([]);
  expect(heard('call-2->ear', 101_020)).toEqual([[2, 40]]);
  expect(heard('voice->mic')).toEqual([[3, 0]]);
  expect([links.has('voice->mic'), links.has('ear->voice')]).toEqual([true, false]);
});
