// The thread's side: messages in, what was heard out. Decoding would hold up the event loop for tens of milliseconds.

import { parentPort } from 'node:worker_threads';
import { Decoder } from './decoder.ts';
import type { FromDecoder, ToDecoder, Vocabulary } from './decoder-messages.ts';

const port = parentPort!;
const tell = (message: FromDecoder) => port.postMessage(message);
const decoder = await Decoder.create();
let next: Vocabulary | undefined;

/** A grammar cannot change within a stretch: it waits for the next one. */
function takeGrammar(): void {
  if (next === undefined) return;
  const vocabulary = next;
  next = undefined;
  try {
    decoder.use(vocabulary);
  } catch (error) {
    tell({ type: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
}

let inStretch = false;
function handle(message: ToDecoder): void {
  switch (message.type) {
    case 'grammar':
      next = message.vocabulary;
      if (!inStretch) takeGrammar();
      break;
    case 'audio':
      inStretch = true;
      decoder.read(message.samples, (heard) => tell({ type: 'partial', stretch: message.stretch, heard }));
      break;
    case 'end':
      tell({ type: 'final', stretch: message.stretch, heard: decoder.end() });
      inStretch = false;
      takeGrammar();
      break;
    case 'drop':
      decoder.drop();
      inStretch = false;
      takeGrammar();
  }
}

port.on('message', (message: ToDecoder) => {
  handle(message);
  tell({ type: 'taken' });
});
