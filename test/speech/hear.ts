import type { AudioFrame } from '@sluice/core';
import type { RecognizerEvent, RecognizerSession } from '@sluice/core/voice';

/** A session and all that it has told so far. */
export function listening<S>(session: RecognizerSession<S>) {
  const events: RecognizerEvent[] = [];
  const over = (async () => {
    for await (const event of session) events.push(event);
  })();
  return {
    session,
    events,
    over,
    finals: () => events.filter((event) => event.type === 'final'),
    async hear(frames: Iterable<AudioFrame>) {
      for (const frame of frames) await session.write(frame);
      await session.flush();
      // The last event is read a microtask later.
      await new Promise((resolve) => setImmediate(resolve));
      return events.findLast((event) => event.type === 'final');
    },
  };
}
