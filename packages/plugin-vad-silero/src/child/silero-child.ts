// The process that listens: Silero for all sessions with one model file, for the process that started it. It ends with
// that. sherpa ends a process whose model file it does not know, and loads one for longer than an event loop may stand.

import type { ChildMessage, HostMessage } from '../messages.ts';
import { SileroDetector } from './silero-detector.ts';

const model = process.argv[2]!;

// Ctrl-C goes to the whole process group; who started this says when it ends.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());

try {
  const { Vad } = (await import('sherpa-onnx-node')).default;
  // The first model takes ten times as long as the others, and shows whether the file is one.
  new SileroDetector(Vad, model, 0.5).hear(new Int16Array(512));
  listen(Vad);
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'unable', reason: String(error) });
}

function listen(Vad: ConstructorParameters<typeof SileroDetector>[0]): void {
  const detectors = new Map<number, SileroDetector>();
  process.on('message', (message: HostMessage) => {
    const { type, session } = message;
    const detector = detectors.get(session);
    if (type === 'open') detectors.set(session, new SileroDetector(Vad, model, message.threshold));
    else if (type === 'close') detectors.delete(session);
    else if (type === 'threshold') detector?.setThreshold(message.threshold);
    else if (detector !== undefined) {
      if (message.begins) detector.begin();
      tell({ type: 'heard', session, voiced: detector.hear(message.windows) });
    }
  });
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}
