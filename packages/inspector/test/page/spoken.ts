import { fakeLanguageModel, fakeSynthesizer } from '@sluice/core/voice';
import { VirtualConversation } from '../../../../test/virtual-conversation.ts';

const replies: readonly string[] = [
  'We are open from nine to six. On Saturdays we close at two, and on Sundays we rest.',
  'Of course. Which day suits you, and at what time?',
  'Thursday at ten is free. I have written your name down for it.',
];

/**
 * Half a minute with a real agent, scripted ears and a scripted voice, in virtual time: three turns, of which the second cuts
 * the reply to the first, and a cough.
 */
export async function spoken(): Promise<VirtualConversation> {
  const talk = await beginToSpeak();
  await talk.clock.advance(SPOKEN_MS);
  return talk;
}

/** How long it takes, in milliseconds. */
export const SPOKEN_MS = 24_000;

/** The same, before anything is said. */
export async function beginToSpeak(): Promise<VirtualConversation> {
  let turns = 0;
  return VirtualConversation.begin(
    [
      [800, 2_200],
      [5_600, 7_400],
      [12_200, 14_100],
      [17_600, 17_700],
    ],
    ['when are you open', 'stop I only want an appointment', 'on Thursday morning please', ''],
    {
      model: fakeLanguageModel({ reply: () => replies[turns++ % replies.length]!, firstTokenMs: 340, tokenMs: 25 }),
      synthesizer: fakeSynthesizer({ firstByteMs: 130, wordMs: 260 }),
    },
  );
}
