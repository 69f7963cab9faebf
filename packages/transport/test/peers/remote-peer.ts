import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PeerCommands } from './peer-main.ts';

type Args<K extends keyof PeerCommands> = Parameters<PeerCommands[K]>;
type Result<K extends keyof PeerCommands> = Awaited<ReturnType<PeerCommands[K]>>;

/** A call client in a process of its own. */
export interface RemotePeer {
  readonly process: ChildProcess;
  call<K extends keyof PeerCommands>(name: K, ...args: Args<K>): Promise<Result<K>>;
  /** Everything that was told since the last call. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** Starts a peer and waits until it listens. `within` is a command that runs its program where it shall. */
export async function startPeer(within: readonly string[] = []): Promise<RemotePeer> {
  const [execPath = '', ...execArgv] = [...within, process.execPath, '--import', path('ts-loader.mjs')];
  const child = fork(path('peer-main.ts'), [], {
    execPath,
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const { reject } of waiting.values()) reject(new Error('the peer is gone'));
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the peer did not start')));
    child.on(
      'message',
      (message: { ready?: true; id?: number; value?: unknown; error?: { code?: string; message: string } }) => {
        if (message.ready === true) return resolve();
        const request = waiting.get(message.id!);
        waiting.delete(message.id!);
        if (message.error === undefined) request?.resolve(message.value);
        else request?.reject(Object.assign(new Error(message.error.message), { code: message.error.code }));
      },
    );
  });
  return {
    process: child,
    call: <K extends keyof PeerCommands>(name: K, ...args: Args<K>) =>
      new Promise<Result<K>>((resolve, reject) => {
        const id = ++lastId;
        // The child answers with what the command of this name returned.
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        child.send({ id, name, args });
      }),
    stop: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await exited;
    },
  };
}
