import type { Graph } from '@sluice/core';
import { fromFrames } from '../../sources/from-frames.ts';
import { transcribe } from '../hearing/transcribe.ts';
import { vad } from '../hearing/vad.ts';
import type { SayQueue } from '../saying/say-queue.ts';
import { speak } from '../saying/speak.ts';
import type { SayFrame, SpeechFrame, SpokenFrame, TranscriptFrame } from '../voice-frames.ts';
import type { VoiceAgentOptions } from './agent-options.ts';

export interface AgentHandlers {
  readonly onSpeech: (frame: SpeechFrame) => void;
  readonly onTranscript: (frame: TranscriptFrame) => void;
  /** The synthesizer has begun with a sentence of an utterance. */
  readonly onFirstByte: (utterance: string) => void;
  /** A sentence of an utterance goes to the synthesizer. */
  readonly onFirstSentence: (utterance: string) => void;
}

/** A voice that died is started anew as often as that. */
const supervision = { onError: 'restart', restart: { max: 3, withinMs: 10_000 } } as const;

/** Adds the nodes of an agent: what hears, and in a group of its own what is interrupted, from the text to the sink. */
export function wireAgent(
  graph: Graph,
  mouth: string,
  queue: SayQueue,
  options: VoiceAgentOptions,
  handlers: AgentHandlers,
): void {
  const { hears, speaks, through, detector, recognizer, synthesizer, fallbacks = [] } = options;
  const ears = graph.add(vad({ ...options.vad, detector }), { name: 'vad', ...supervision });
  const scribe = graph.add(transcribe({ recognizer }), { name: 'transcribe', ...supervision });
  hears.to(ears.in.in);
  ears.out.audio.to(scribe.in.audio);
  ears.out.speech.to(scribe.in.speech);
  ears.out.speech.to({ next: handlers.onSpeech });
  scribe.out.out.to({ next: handlers.onTranscript });

  graph.group(mouth, (scope) => {
    const voice = scope.add(speak({ synthesizer, fallbacks }), { name: 'speak', ...supervision });
    scope.from(fromFrames<SayFrame>(watched(queue, handlers), { external: false }), { name: 'say' }).to(voice.in.in);
    voice.out.spoken.to({
      next: (frame: SpokenFrame) => {
        if (frame.event === 'begun') handlers.onFirstByte(frame.utterance);
        queue.onSpoken(frame);
      },
    });
    const audio = scope.follow(voice.out.audio);
    (through === undefined ? audio : through(scope, audio)).to(speaks);
  });
}

async function* watched(queue: SayQueue, handlers: AgentHandlers): AsyncGenerator<SayFrame, void, undefined> {
  for await (const frame of queue.frames()) {
    handlers.onFirstSentence(frame.utterance);
    yield frame;
  }
}
