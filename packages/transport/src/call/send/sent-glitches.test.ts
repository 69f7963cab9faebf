import { expect, test } from 'vitest';
import { SentGlitches } from './sent-glitches.ts';

const device = (gaps: number) => ({ glitches: { gaps, gapMs: 100 * gaps, concealedMs: 0, playedMs: 60_000 } });

function more(one: ReturnType<typeof device>, gaps: number): void {
  const { glitches } = one;
  one.glitches = {
    ...glitches,
    gaps: glitches.gaps + gaps,
    gapMs: glitches.gapMs + 100 * gaps,
    playedMs: glitches.playedMs + 60_000,
  };
}

test('a track has the glitches of its devices while they were sent under its name', () => {
  const sent = new SentGlitches();
  const [first, second] = [device(7), device(0)];
  sent.begin('microphone', first);
  more(first, 1);
  expect(sent.list('me')).toEqual([
    {
      edge: 'sender',
      kind: 'audio',
      track: 'microphone',
      participantId: 'me',
      gaps: 1,
      gapMs: 100,
      concealedMs: 0,
      playedMs: 60_000,
      gapsPerHour: 60,
      concealedMsPerHour: 0,
    },
  ]);
  sent.end('microphone');
  sent.end('microphone');
  more(first, 5);
  sent.begin('microphone', second);
  more(second, 2);
  sent.begin('customAudio.music', first);
  expect(sent.list('me')).toMatchObject([
    { track: 'microphone', gaps: 3, gapMs: 300, playedMs: 120_000 },
    { track: 'customAudio.music', gaps: 0, playedMs: 0 },
  ]);
  sent.begin('camera', device(3));
  expect(sent.list('me')[2]).toMatchObject({ kind: 'video', track: 'camera', gaps: 0 });
  sent.clear();
  expect(sent.list('me')).toEqual([]);
});
