import { expect, test } from 'vitest';
import { SubscriptionBook } from './subscriptions.ts';

test('everything of everybody is wanted until told otherwise', () => {
  const book = new SubscriptionBook();
  expect(book.stateOf('a', 'microphone')).toBe('subscribed');
  expect(book.stateOf('a', 'customAudio.music')).toBe('subscribed');
});

test('participant before profile before base', () => {
  const book = new SubscriptionBook();
  book.updateProfiles({ base: { microphone: 'unsubscribed' }, stage: { microphone: 'subscribed' } });
  expect(book.stateOf('a', 'microphone')).toBe('unsubscribed');
  book.updateParticipants({ a: { profile: 'stage' } });
  expect(book.stateOf('a', 'microphone')).toBe('subscribed');
  book.updateParticipants({ a: { media: { microphone: 'unsubscribed' } } });
  expect(book.stateOf('a', 'microphone')).toBe('unsubscribed');
  expect(book.participants.a?.profile).toBe('stage');
  book.updateParticipants({ a: null });
  expect(book.stateOf('a', 'microphone')).toBe('unsubscribed');
  expect(book.participants).toEqual({});
});

test('staged is a state of its own, of sound and pictures', () => {
  const book = new SubscriptionBook();
  book.updateProfiles({
    base: { microphone: 'staged', camera: { subscriptionState: 'staged' }, customAudio: { '*': 'staged' } },
  });
  expect(['microphone', 'camera', 'customAudio.x', 'screenAudio'].map((track) => book.stateOf('a', track))).toEqual([
    'staged',
    'staged',
    'staged',
    'subscribed',
  ]);
});

test('custom tracks by name, the rest by *', () => {
  const book = new SubscriptionBook();
  book.updateProfiles({ base: { customAudio: { '*': 'unsubscribed', music: 'subscribed' } } });
  expect(book.stateOf('a', 'customAudio.music')).toBe('subscribed');
  expect(book.stateOf('a', 'customAudio.noise')).toBe('unsubscribed');
  expect(book.stateOf('a', 'microphone')).toBe('subscribed');
});

test('profiles are merged, and video entries are kept', () => {
  const book = new SubscriptionBook();
  book.updateProfiles({ base: { camera: 'unsubscribed', customAudio: { a: 'subscribed' } } });
  book.updateProfiles({ base: { microphone: 'unsubscribed', customAudio: { b: 'unsubscribed' } } });
  expect(book.profiles.base).toEqual({
    camera: 'unsubscribed',
    microphone: 'unsubscribed',
    customAudio: { a: 'subscribed', b: 'unsubscribed' },
  });
});

test.each([
  [{ base: { microphone: 'on' } }, /profileSettings.base.microphone/],
  [{ base: { mic: 'subscribed' } }, /profileSettings/],
  [7, /profileSettings/],
])('%j is refused', (settings, message) => {
  const book = new SubscriptionBook();
  expect(() => book.updateProfiles(settings as never)).toThrow(message);
  expect(book.profiles).toEqual({ base: {} });
});

test('video has a quality too, from the most particular level that names one', () => {
  const book = new SubscriptionBook();
  expect(book.maxQuality('a', 'camera')).toBe('high');
  const at = (maxQuality: 'low' | 'medium') => ({ subscriptionState: 'subscribed', settings: { maxQuality } }) as const;
  book.updateProfiles({ base: { camera: at('medium'), customVideo: { '*': at('low') } } });
  expect(book.maxQuality('a', 'camera')).toBe('medium');
  expect(book.maxQuality('a', 'customVideo.slides')).toBe('low');
  book.updateParticipants({ a: { media: { camera: at('low'), customVideo: { slides: 'unsubscribed' } } } });
  expect(book.maxQuality('a', 'camera')).toBe('low');
  expect(book.stateOf('a', 'camera')).toBe('subscribed');
  expect(book.stateOf('a', 'customVideo.slides')).toBe('unsubscribed');
  expect(book.stateOf('a', 'customVideo.other')).toBe('subscribed');
});

test('a track may have the name of what every object inherits', () => {
  const book = new SubscriptionBook();
  for (const name of ['constructor', 'toString', '__proto__']) {
    expect(book.stateOf('a', `customVideo.${name}`)).toBe('subscribed');
    expect(book.stateOf(name, 'camera')).toBe('subscribed');
  }
  const customVideo = Object.fromEntries([['toString', 'unsubscribed' as const]]);
  book.updateParticipants({ a: { profile: 'valueOf', media: { customVideo } } });
  expect(book.stateOf('a', 'customVideo.toString')).toBe('unsubscribed');
  expect(book.maxQuality('a', 'customVideo.constructor')).toBe('high');
});
