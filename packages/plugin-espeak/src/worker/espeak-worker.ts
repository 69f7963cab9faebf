// The thread that speaks: espeak-ng, one request after the other.

import { parentPort, workerData } from 'node:worker_threads';
import type { SpeakMessage, ThreadData, ThreadMessage } from '../messages.ts';
import { EspeakEngine } from './espeak-engine.ts';

const { moduleUrl, unwanted } = workerData as ThreadData;
const engine = await EspeakEngine.load(moduleUrl);
// Code is compiled as it first runs: not in the first sentence that somebody waits for.
engine.speak({ id: 0, voice: 'en-us', rate: 175, tokens: ['Good', 'morning.'] }, () => false);

parentPort?.on('message', (message: SpeakMessage) => {
  const { id } = message;
  const isUnwanted = () => Atomics.load(unwanted, 0) >= id;
  if (isUnwanted()) return tell({ type: 'spoken', id, times: [] });
  try {
    const times = engine.speak(message, (samples) => {
      tell({ type: 'audio', id, samples }, [samples.buffer as ArrayBuffer]);
      return isUnwanted();
    });
    tell({ type: 'spoken', id, times });
  } catch (error) {
    tell({ type: 'refused', id, reason: error instanceof Error ? error.message : String(error) });
  }
});
tell({ type: 'ready' });

function tell(message: ThreadMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
