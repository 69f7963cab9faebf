import { type Clock, toError } from '@sluice/core';
import type { ToolCall } from '@sluice/core/voice';
import type { AgentTool } from '../agent/reply-line.ts';

export interface ToolRun {
  readonly tools: Readonly<Record<string, AgentTool>>;
  readonly toolMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What a tool returns, or what went wrong: the model is told either. Never rejects. */
export async function runTool({ name, arguments: args }: ToolCall, run: ToolRun): Promise<string> {
  const { tools, toolMs, clock, signal } = run;
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) return `error: there is no tool ${name}`;
  const over = new AbortController();
  let stop = () => {};
  const ended = new Promise<string>((resolve) => {
    stop = clock.at(clock.now() + toolMs, () => {
      resolve(`error: ${name} took longer than ${toolMs} ms`);
      over.abort();
    });
    const onAbort = () => {
      resolve('error: given up, because the person spoke');
      over.abort(signal.reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  const work = (async () => tool.run({ ...args }, { signal: over.signal }))().catch(
    (error: unknown) => `error: ${toError(error).message}`,
  );
  try {
    return await Promise.race([work, ended]);
  } finally {
    stop();
  }
}
