import { expect, test } from 'vitest';
import { deviceFacts } from './device-facts.ts';

test('what a browser says is told in words', () => {
  const processing = { echoCancellation: true, noiseSuppression: false, autoGainControl: true };
  expect(deviceFacts('microphone', { channelCount: 1, sampleRate: 44_100, ...processing })).toEqual([
    'Channels: 1',
    'Rate: 44.1 kHz',
    'Echo cancellation: on',
    'Noise suppression: off',
    'Automatic gain: on',
  ]);
  expect(deviceFacts('camera', { width: 1280, height: 720, frameRate: 29.97 })).toEqual([
    'Picture: 1280 × 720',
    'Pictures per second: 30',
  ]);
});

test('a kind of echo cancellation is some, and what is not said is not told', () => {
  expect(deviceFacts('microphone', { echoCancellation: 'remote-only' })).toEqual(['Echo cancellation: on']);
  expect(deviceFacts('microphone', { echoCancellation: false })).toEqual(['Echo cancellation: off']);
  expect(deviceFacts('microphone', { width: 3, height: 2 })).toEqual([]);
  expect(deviceFacts('camera', { width: 640, channelCount: 2 })).toEqual([]);
});
