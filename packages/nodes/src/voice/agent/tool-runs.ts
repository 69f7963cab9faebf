import { type Clock, toError } from '@sluice/core';
import type { ToolCall } from '@sluice/core/voice';
import type { AgentTool } from './agent-tool.ts';
import { argumentFault } from './check-arguments.ts';

/** The longest that a tool in the background may take by default, in milliseconds. */
const BACKGROUND_MS = 600_000;

/** What a tool was asked, and what it answered. Times are on the clock, in milliseconds. */
export interface ToolResult {
  readonly call: ToolCall;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface ToolProgress {
  readonly call: ToolCall;
  readonly text: string;
  /** It is to be said. */
  readonly say: boolean;
  /** The conversation goes on beside it. */
  readonly background: boolean;
}

export interface ToolRunsOptions {
  readonly clock: Clock;
  readonly tools: Readonly<Record<string, AgentTool>>;
  /** The longest that one may take that says nothing of it, in milliseconds. */
  readonly toolMs: number;
  readonly onProgress?: (progress: ToolProgress) => void;
  /** Something is done that went on in the background. Without it such tools are waited for like others. */
  readonly onLater?: (result: ToolResult) => void;
}

/** Tools that run, at the same time. What they throw and that they take too long are results like others. */
export class ToolRuns {
  readonly #options: ToolRunsOptions;
  /** Of those in the background. */
  readonly #closing = new AbortController();

  constructor(options: ToolRunsOptions) {
    this.#options = options;
  }

  /**
   * Runs what a model asked for in one go. Resolves with a result for each, in their order; when `signal` aborts at once, with
   * what has come by then.
   */
  run(calls: readonly ToolCall[], signal: AbortSignal): Promise<readonly ToolResult[]> {
    return Promise.all(calls.map((call) => this.#result(call, signal)));
  }

  /** The longest that calls of one round may take together, in milliseconds. */
  boundOf(calls: readonly ToolCall[]): number {
    const { tools, toolMs } = this.#options;
    const bounds = calls.map(({ name }) => (Object.hasOwn(tools, name) ? tools[name]! : undefined));
    return Math.max(
      0,
      ...bounds.map((tool) => (tool !== undefined && this.#isLater(tool) ? 0 : (tool?.maxMs ?? toolMs))),
    );
  }

  /** Ends what goes on in the background. */
  close(): void {
    this.#closing.abort();
  }

  async #result(call: ToolCall, signal: AbortSignal): Promise<ToolResult> {
    const { clock, tools } = this.#options;
    const startMs = clock.now();
    const tool = Object.hasOwn(tools, call.name) ? tools[call.name]! : undefined;
    const text = await this.#textOf(call, tool, signal);
    return { call, text, startMs, endMs: clock.now() };
  }

  async #textOf(call: ToolCall, tool: AgentTool | undefined, signal: AbortSignal): Promise<string> {
    const { name } = call;
    if (tool === undefined) {
      const names = Object.keys(this.#options.tools).join(', ');
      return `error: there is no tool ${name}; there is ${names || 'none'}`;
    }
    const fault = argumentFault(tool.parameters, call.arguments);
    if (fault !== undefined) return `error: ${name} was not run: ${fault}. Call it again with arguments that fit.`;
    if (!this.#isLater(tool)) return this.#bounded(call, tool, tool.maxMs ?? this.#options.toolMs, signal);
    void this.#later(call, tool);
    return `${name} has begun. Its result comes later; do not wait for it.`;
  }

  #isLater({ background = false }: AgentTool): boolean {
    return background && this.#options.onLater !== undefined;
  }

  async #later(call: ToolCall, tool: AgentTool): Promise<void> {
    const { clock, onLater } = this.#options;
    const { signal } = this.#closing;
    const startMs = clock.now();
    const text = await this.#bounded(call, tool, tool.maxMs ?? BACKGROUND_MS, signal);
    if (!signal.aborted) onLater?.({ call, text, startMs, endMs: clock.now() });
  }

  /** What a tool returns, or what went wrong, after `maxMs` at the latest. */
  #bounded(call: ToolCall, tool: AgentTool, maxMs: number, signal: AbortSignal): Promise<string> {
    const { clock, onProgress } = this.#options;
    const over = new AbortController();
    return new Promise((resolve) => {
      const settle = (text: string) => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        over.abort();
        resolve(text);
      };
      const onAbort = () => settle('error: it was given up, as the reply was interrupted; it may have had an effect');
      const late = () => settle(`error: ${call.name} took longer than ${maxMs} ms`);
      const cancel = Number.isFinite(maxMs) ? clock.at(clock.now() + maxMs, late) : () => {};
      signal.addEventListener('abort', onAbort, { once: true });
      const progress = (text: string, { say = false }: { readonly say?: boolean } = {}) => {
        if (!over.signal.aborted) onProgress?.({ call, text, say, background: this.#isLater(tool) });
      };
      const run = async () =>
        asText(call.name, await tool.run({ ...call.arguments }, { signal: over.signal, progress }));
      run().then(settle, (error: unknown) => settle(`error: ${toError(error).message}`));
    });
  }
}

/** A tool that is not typed may return anything. */
function asText(name: string, result: unknown): string {
  if (typeof result === 'string') return result;
  try {
    return JSON.stringify(result) ?? '';
  } catch (cause) {
    throw new TypeError(`${name} returned what JSON cannot hold`, { cause });
  }
}
