// The process that speaks: flite, one sentence after the other, for the process that started it. It ends with that.

import type { ChildMessage, SpeakMessage } from '../messages.ts';
import { FliteProgram } from './flite-program.ts';
import { Lexicon } from './lexicon.ts';
import { speak } from './speak.ts';

const program = new FliteProgram();
const lexicon = new Lexicon(program);

// Code is compiled as it first runs, for a fifth of a second: not in the first sentence that somebody waits for.
speak(program, lexicon, { id: 0, voice: 'slt', stretch: 1, tokens: ['Good', 'morning', 'to', 'you.'] });
program.prepare();

// Ctrl-C goes to the whole process group; who started this says when it ends.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());
process.on('message', (message: SpeakMessage) => {
  tell(answer(message));
  setImmediate(() => program.prepare());
});
tell({ type: 'ready' });

function answer(message: SpeakMessage): ChildMessage {
  const { id } = message;
  try {
    return { type: 'speech', id, ...speak(program, lexicon, message) };
  } catch (error) {
    return { type: 'refused', id, reason: String(error) };
  }
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}
