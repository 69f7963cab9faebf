import { fakeLanguageModel, fakeVoiceDetector } from '@sluice/core/voice';
import { echoGuard, echoReference, voiceAgent } from '@sluice/nodes';
import { type MakeAgent, toneRecognizer, toneVoice } from '@sluice/scenario';
import { describe, expect, it } from 'vitest';
import { answer, hold } from './tone-talk.ts';

/** An agent with or without a guard against its own voice. */
function agentWith(guarded: boolean): MakeAgent {
  return ({ graph, hears, speaks, onEvent }) => {
    const reference = echoReference({ clock: graph.clock });
    return voiceAgent(graph, {
      hears: guarded ? hears.pipe(echoGuard({ reference })) : hears,
      through: (_scope, voice) => {
        voice.to(reference.played((id) => speaks.utterance(id)));
        return voice;
      },
      speaks,
      onEvent,
      detector: fakeVoiceDetector(),
      recognizer: toneRecognizer(),
      model: fakeLanguageModel({ firstTokenMs: 200, reply: answer }),
      synthesizer: toneVoice({ firstByteMs: 80 }),
    });
  };
}

const echoes = [
  ['pipecat#4509', { gainDb: -6, delayMs: 60 }],
  ['pipecat#1771', { gainDb: -12, delayMs: 250 }],
  ['pipecat#4108', { gainDb: -20, delayMs: 400 }],
  ['livekit/agents#6177', { gainDb: -3, delayMs: 150 }],
] as const;

describe('echoes', () => {
  it.each(echoes)('%s: the agent hears itself, and interrupts itself', async (_who, echo) => {
    const talk = async (guarded: boolean) => {
      const { metrics } = await hold(
        async (person) => {
          person.echo(echo);
          await person.say('tell');
          await person.wait(12_000);
          if (!guarded) return;
          // The echo is heard beside the first word, until the agent stands still.
          await person.say('now please stop');
          await person.expectHeard('okay');
          await person.expectLog(['person: tell', { interrupted: true }, /^person: .*stop$/, 'agent: Okay.']);
        },
        { agent: agentWith(guarded), budgets: {} },
      );
      return metrics!;
    };
    const bare = await talk(false);
    expect(bare.bargeIns + bare.turns).toBeGreaterThan(1);
    expect(await talk(true)).toMatchObject({ turns: 2, bargeIns: 1 });
  });
});
