import type { Sequence } from './actions.ts';
import { checkLife } from './laws.ts';
import { Talk } from './talk.ts';

/** Runs a sequence and tells what it broke: nothing when the agent is as alive as it was. */
export async function runSequence({ setup, actions }: Sequence): Promise<string[]> {
  const talk = new Talk(setup);
  const rejections: string[] = [];
  const onRejection = (reason: unknown) => void rejections.push(`nobody took: ${String(reason)}`);
  process.on('unhandledRejection', onRejection);
  // Pauses before something is tried again: every sequence is the same each time.
  const random = Math.random;
  Math.random = () => 0.5;
  try {
    await talk.play({ actions });
    const broken = await checkLife(talk);
    await new Promise((resolve) => setImmediate(resolve));
    return [...broken, ...rejections];
  } catch (error) {
    await talk.close();
    return [`threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  } finally {
    Math.random = random;
    process.off('unhandledRejection', onRejection);
  }
}
