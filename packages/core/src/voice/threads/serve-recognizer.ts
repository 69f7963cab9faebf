import { parentPort } from 'node:worker_threads';
import type { FromDecoder, RecognizerDecoder, ToDecoder } from './decoder-messages.ts';

/**
 * The other side of `recognizeInThread`: makes the decoder and serves it. To be called once, in the module that is the
 * thread or the process.
 *
 * @param create what it throws is told as a refusal, as what `use` throws
 */
export function serveRecognizer<SetUp>(
  create: () => RecognizerDecoder<SetUp> | Promise<RecognizerDecoder<SetUp>>,
): void {
  const tell = (message: FromDecoder) => {
    if (parentPort !== null) parentPort.postMessage(message);
    else process.send?.(message);
  };
  /** Nothing else keeps it running. */
  const leave = () => {
    if (parentPort !== null) parentPort.close();
    else process.disconnect();
  };
  let decoder: RecognizerDecoder<SetUp> | undefined;
  let next: { readonly setUp: SetUp } | undefined;
  let inStretch = false;

  /** A set-up cannot change within a stretch: it waits for the next one. */
  const settle = () => {
    if (next === undefined || inStretch) return;
    const { setUp } = next;
    next = undefined;
    decoder!.use(setUp);
  };

  const handle = (message: ToDecoder) => {
    if (message.type === 'close') {
      decoder!.close?.();
      leave();
      return;
    }
    if (message.type === 'use') next = { setUp: message.setUp as SetUp };
    else if (message.type === 'audio') {
      const { stretch, samples } = message;
      inStretch = true;
      decoder!.read(samples, (heard) => tell({ type: 'partial', stretch, heard }));
    } else {
      if (message.type === 'end') tell({ type: 'final', stretch: message.stretch, heard: decoder!.end() });
      else decoder!.drop();
      inStretch = false;
    }
    settle();
  };

  let before = Promise.resolve();
  (parentPort ?? process).on('message', (message: ToDecoder) => {
    before = before.then(async () => {
      try {
        if (message.type === 'close' && decoder === undefined) return leave();
        decoder ??= await create();
        handle(message);
      } catch (error) {
        tell({ type: 'refused', message: error instanceof Error ? error.message : String(error) });
      }
      tell({ type: 'taken' });
    });
  });
}
