import type { FuzzTarget } from './fuzzer/fuzz-target.ts';

/** The targets by name. Each is loaded by itself, so that a process holds the scripts of one. */
export const targets: Readonly<Record<string, () => Promise<FuzzTarget>>> = {
  wav: async () => (await import('./targets/wav-header.ts')).wavHeaderTarget,
  y4m: async () => (await import('./targets/y4m-header.ts')).y4mHeaderTarget,
  signalling: async () => (await import('./targets/signalling.ts')).signallingTarget,
  candidates: async () => (await import('./targets/candidates.ts')).candidatesTarget,
};
