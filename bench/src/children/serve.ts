// Programs that benches run apart, so that they disturb nobody, and what these share. They import no bench.

/** What a child program answers to a call. */
export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: Error;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly never[];
}

/** Answers the calls of the process that started this one, until it lets go of it. */
export function serve(methods: Readonly<Record<string, (...args: never[]) => unknown>>): void {
  const answer = async ({ id, method, args }: Call): Promise<Reply> => {
    try {
      return { id, value: await methods[method]!(...args) };
    } catch (error) {
      return { id, error: error instanceof Error ? error : new Error(String(error)) };
    }
  };
  process.on('message', (call: Call) => {
    void answer(call).then((reply) => process.send?.(reply));
  });
  process.once('disconnect', () => process.exit());
}
