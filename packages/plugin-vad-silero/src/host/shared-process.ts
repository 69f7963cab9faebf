// The other side of the process that listens: started, shared by sessions, asked, and ended. No sound is cut or judged here.

import { SileroProcess } from './silero-process.ts';

interface Shared {
  readonly process: SileroProcess;
  /** Sessions that use it. */
  users: number;
}

const running = new Map<string, Shared>();

/** The process of a model file: started if there is none, kept for the first session that takes it. */
export async function warmProcess(model: string): Promise<void> {
  await sharedProcess(model).process.ready;
}

/** The process of a model file for a session, which gives it back with `returnProcess`. */
export async function takeProcess(model: string): Promise<SileroProcess> {
  const shared = sharedProcess(model);
  shared.users++;
  try {
    await shared.process.ready;
  } catch (error) {
    shared.users--;
    throw error;
  }
  return shared.process;
}

/** The last session ends it; resolves when it is gone. */
export async function returnProcess(model: string, process: SileroProcess): Promise<void> {
  const shared = running.get(model);
  if (shared === undefined || shared.process !== process || --shared.users > 0) return;
  running.delete(model);
  await process.end();
}

function sharedProcess(model: string): Shared {
  const there = running.get(model);
  if (there !== undefined && !there.process.gone) return there;
  const shared = { process: new SileroProcess(model), users: 0 };
  running.set(model, shared);
  // Whoever comes after its end gets another one.
  void shared.process.ended.then(() => {
    if (running.get(model) === shared) running.delete(model);
  });
  return shared;
}
