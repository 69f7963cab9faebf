import { fakeLanguageModel, fakeVoiceDetector } from '@sluice/core/voice';
import { voiceAgent } from '@sluice/nodes';
import { type MakeAgent, toneRecognizer, toneVoice } from '@sluice/scenario';

const replies: Record<string, string> = {
  hello: 'Hello. What can I do for you?',
  count: 'One, two, three, four, five. Six, seven, eight, nine, ten.',
  stop: 'Okay.',
};

/** An agent that needs no model: it understands tone voices, and has an answer to three words. */
export const toneAgent: MakeAgent = ({ graph, hears, speaks, onEvent }) =>
  voiceAgent(graph, {
    hears,
    speaks,
    onEvent,
    detector: fakeVoiceDetector(),
    recognizer: toneRecognizer(),
    model: fakeLanguageModel({ firstTokenMs: 200, reply: (said) => replies[said.at(-1)!.text] ?? 'What?' }),
    synthesizer: toneVoice({ firstByteMs: 80 }),
  });
