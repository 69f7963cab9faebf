import {
  type AudioFrame,
  audioPort,
  defineNode,
  type Flow,
  framePort,
  type Graph,
  micros,
  type Sink,
} from '@sluice/core';
import type { VoiceDetector } from '@sluice/core/voice';
import { pace, type SpeechFrame, tap, vad } from '@sluice/nodes';

/** Where it hears and speaks, and how it knows that somebody speaks. */
export interface TalkbackParts {
  readonly hears: Flow<AudioFrame>;
  /** What is said first, until somebody speaks. */
  readonly greeting: Flow<AudioFrame>;
  readonly speaks: Sink<AudioFrame, unknown>;
  readonly detector: VoiceDetector;
  /** Is told how much was heard of what somebody broke off by speaking, in milliseconds. */
  readonly onInterrupted?: (heardMs: number) => void;
}

/** Greets, says back what somebody said when they have said it, and falls silent when they speak meanwhile. */
export function talkback(bot: Graph, { hears, greeting, speaks, detector, onInterrupted }: TalkbackParts): void {
  const ears = bot.add(vad({ detector, gate: true, hangOverMs: 500 }));
  hears.to(ears.in.in);
  // Outside of the mouth: an interruption does not reach what somebody is saying.
  const heard: AudioFrame[] = [];
  ears.out.audio.to({ next: (frame) => void heard.push(frame) });
  const interrupt = async () => {
    const { heardMs, droppedMs } = await bot.interrupt({ scope: 'mouth' });
    if (droppedMs > 0) onInterrupted?.(heardMs);
  };
  const watch = tap<SpeechFrame>(({ speaking }) => {
    if (speaking) void interrupt();
  });
  bot.group('mouth', (group) => {
    const node = group.add(parrot(heard));
    greeting.to(node.in.greeting);
    ears.out.speech.pipe(watch).to(node.in.turns);
    node.out.out.pipe(pace()).to(speaks);
  });
}

const speech = audioPort({ sampleRate: 16_000, channels: 1 });

/** Says the greeting, and whenever somebody ceases to speak what was heard of them. */
function parrot(heard: AudioFrame[]) {
  return defineNode({
    name: 'parrot',
    inputs: { greeting: speech, turns: framePort<SpeechFrame>('speech') },
    outputs: { out: speech },
    create: (_options: object, context) => {
      let greets = true;
      let position = micros(0);
      const next = (frame: AudioFrame) => {
        const said = frame.move({ timestamp: position, epoch: context.epoch });
        position = micros(position + said.duration);
        return said;
      };
      return {
        *onFrame(_port, frame) {
          if (frame.kind === 'audio') {
            if (greets) yield ['out', next(frame)];
            else frame.close();
          } else if (!frame.speaking) {
            const saying = heard.splice(0);
            try {
              for (const one of saying) yield ['out', next(one)];
            } finally {
              // An interruption ends it in the middle.
              for (const one of saying) one.close();
            }
          }
        },
        onInterrupt() {
          greets = false;
        },
      };
    },
  })();
}
