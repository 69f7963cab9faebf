import { expect, test } from 'vitest';
import { metricsText } from './metrics-text.ts';

test('a figure is a line with its help and type before it', () => {
  const text = metricsText([{ name: 'rooms', help: 'Rooms.', type: 'gauge', value: 2 }]);
  expect(text).toBe('# HELP rooms Rooms.\n# TYPE rooms gauge\nrooms 2\n');
});

test('labels tell figures apart, and whatever stands in them stays one line', () => {
  const value = [
    { labels: { edge: 'sender', track: 'a "b" \\ c\nd' }, value: 1.5 },
    { labels: { edge: 'receiver', track: '' }, value: Number.POSITIVE_INFINITY },
  ];
  expect(
    metricsText([{ name: 'gaps', help: 'Gaps.', type: 'counter', value }])
      .split('\n')
      .slice(2),
  ).toEqual(['gaps{edge="sender",track="a \\"b\\" \\\\ c\\nd"} 1.5', 'gaps{edge="receiver",track=""} +Inf', '']);
});
