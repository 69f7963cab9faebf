import type { AudioFrame, Flow, Graph, Sink, Source } from '@sluice/core';
import type { VoiceDetector } from '@sluice/core/voice';
import { pace, toNull, vad } from '@sluice/nodes';

/** What it plays, where it hears and plays, and how it knows that somebody speaks. */
export interface PlayParts {
  readonly music: Source<AudioFrame>;
  readonly hears: Flow<AudioFrame>;
  readonly speaks: Sink<AudioFrame, unknown>;
  readonly detector: VoiceDetector;
}

/** Plays; waits while somebody speaks, and goes on with the sample after the last that was heard. */
export function play(bot: Graph, { music, hears, speaks, detector }: PlayParts): void {
  const ears = bot.add(vad({ detector, hangOverMs: 500 }));
  hears.to(ears.in.in);
  ears.out.audio.to(toNull());
  bot.group('music', (group) => group.from(music).pipe(pace()).to(speaks));
  ears.out.speech.to({
    next({ speaking }) {
      if (speaking) void bot.pause({ scope: 'music' });
      else bot.resume({ scope: 'music' });
    },
  });
}
