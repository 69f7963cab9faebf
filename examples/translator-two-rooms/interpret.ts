// One direction of an interpreter: it hears one language and says the same in another, sentence after sentence.
import type { AudioFrame, Flow, Graph } from '@sluice/core';
import type { LanguageModel, Recognizer, Synthesizer } from '@sluice/core/voice';
import { fromFrames, SayQueue, type SayUtterance, type SpeakingSink, speak, transcribe, vad } from '@sluice/nodes';
import { fvad } from '@sluice/plugin-vad-fvad';
import { say } from '../room.ts';

/** A node whose model was lost is started anew. */
const supervision = { onError: 'restart', restart: { max: 3, withinMs: 10_000 } } as const;

export interface InterpretOptions {
  readonly hears: Flow<AudioFrame>;
  readonly speaks: SpeakingSink;
  /** As people call them: `English`. */
  readonly from: string;
  readonly to: string;
  readonly recognizer: Recognizer;
  readonly model: LanguageModel;
  readonly synthesizer: Synthesizer;
}

/** Builds the direction into a graph. What it returns ends it. */
export async function interpret(bot: Graph, options: InterpretOptions): Promise<() => Promise<void>> {
  const { hears, speaks, from, to, recognizer, model, synthesizer } = options;
  // A pause of half a second is the end of what is translated at once.
  const ears = bot.add(vad({ detector: fvad(), hangOverMs: 500 }), { name: `hear ${from}`, ...supervision });
  const scribe = bot.add(transcribe({ recognizer }), { name: `transcribe ${from}`, ...supervision });
  const mouth = bot.add(speak({ synthesizer }), { name: `speak ${to}`, ...supervision });
  const queue = new SayQueue({ clock: bot.clock, receipt: (id) => speaks.utterance(id) });
  hears.to(ears.in.in);
  ears.out.audio.to(scribe.in.audio);
  ears.out.speech.to(scribe.in.speech);
  scribe.out.out.to({ next: ({ final, text }) => final && text !== '' && void translate(text) });
  bot.from(fromFrames(queue.frames(), { external: false })).to(mouth.in.in);
  mouth.out.spoken.to({ next: queue.onSpoken });
  mouth.out.audio.to(speaks);

  const mind = await model.open({ clock: bot.clock });
  const translations = new Map<string, SayUtterance>();
  const system = `Translate from ${from} into ${to}. Say the translation and nothing else.`;

  async function translate(text: string): Promise<void> {
    // Begun now, it is said in the order in which it was heard.
    const translation = queue.begin();
    translations.set(translation.id, translation);
    const messages = [{ role: 'system', text: system } as const, { role: 'user', text } as const];
    await mind.write({ id: translation.id, epoch: 0, messages });
    const { heardText } = await translation.finished;
    say(`${from}: ${text} -> ${to}: ${heardText}`);
  }

  async function read(): Promise<void> {
    for await (const event of mind) {
      const translation = translations.get(event.id);
      if (event.type === 'text') translation?.push(event.text);
      if (event.type === 'failed') say(`not translated: ${event.error.message}`);
      if (event.type !== 'finished' && event.type !== 'failed') continue;
      translation?.end();
      translations.delete(event.id);
    }
  }
  const reading = read().catch((error: Error) => say(`the translation is lost: ${error.message}`));

  return async () => {
    await mind.close();
    await reading;
    queue.close();
  };
}
