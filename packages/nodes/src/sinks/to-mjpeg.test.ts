import { expect, it } from 'vitest';
import { toMjpeg } from './to-mjpeg.ts';

it.each([
  ['port', () => toMjpeg({ port: -1 })],
  ['port', () => toMjpeg({ port: 65_536 })],
  ['host', () => toMjpeg({ host: '' })],
  ['host', () => toMjpeg({ host: '0.0.0.0' })],
  ['toMjpeg', () => toMjpeg(8080 as never)],
  ['host', () => toMjpeg({ host: '192.168.1.2', insecure: 'yes' as never })],
  ['hosts', () => toMjpeg({ hosts: 'camera.local' as never })],
  ['quality', () => toMjpeg({ quality: 0 })],
  ['maxViewers', () => toMjpeg({ maxViewers: 0 })],
  ['title', () => toMjpeg({ title: 7 as never })],
])('refuses a bad %s at once', (name, make) => {
  expect(make).toThrow(new RegExp(`^${name} `));
});
