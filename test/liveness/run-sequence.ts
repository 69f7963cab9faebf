import type { Action } from './actions.ts';
import { checkLife } from './laws.ts';
import { Talk } from './talk.ts';

/** Runs a sequence and tells what it broke: nothing when the agent is as alive as it was. */
export async function runSequence(actions: readonly Action[]): Promise<string[]> {
  const talk = new Talk();
  const rejections: string[] = [];
  const onRejection = (reason: unknown) => void rejections.push(`nobody took: ${String(reason)}`);
  process.on('unhandledRejection', onRejection);
  try {
    await talk.play(actions);
    const broken = await checkLife(talk);
    await new Promise((resolve) => setImmediate(resolve));
    return [...broken, ...rejections];
  } catch (error) {
    await talk.close();
    return [`threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  } finally {
    process.off('unhandledRejection', onRejection);
  }
}
