import { BlockCoverage } from './block-coverage.ts';
import { Dice } from './dice.ts';
import { dictionaryOf } from './dictionary.ts';
import { examine, type Fault, heldBytes, MOST_BYTES, MOST_MS, outcomeOf } from './examine.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { minimise } from './minimise.ts';
import { mutate } from './mutate.ts';

export interface FuzzOptions {
  /** Executions. */
  readonly runs: number;
  readonly seed: number;
  /** Ends earlier after so many milliseconds. Default: never. */
  readonly mostMs?: number;
  /** Whether what reaches new blocks is kept and changed further. Default true; false is blind mutation of the seeds. */
  readonly guided?: boolean;
}

export interface Finding extends Fault {
  /** As short as it could be made. */
  readonly input: Uint8Array;
}

export interface FuzzReport {
  readonly runs: number;
  readonly seconds: number;
  readonly blocks: number;
  readonly corpus: readonly Uint8Array[];
  readonly findings: readonly Finding[];
}

/** Coverage is read after so many inputs: reading it costs more than running one. More of them when nothing new comes. */
const FEWEST_AT_ONCE = 20;
const MOST_AT_ONCE = 160;
/** Different faults; then one run is enough. */
const MOST_FINDINGS = 20;

/**
 * Changes inputs of a target at random, keeps those that run a block that none ran before, and changes those further. The
 * same seed does the same on the same code.
 */
export async function fuzz(target: FuzzTarget, options: FuzzOptions): Promise<FuzzReport> {
  const { runs, seed, mostMs = Number.POSITIVE_INFINITY, guided = true } = options;
  const { maxBytes = 4_096, guides = /\/packages\/[^/]+\/(?:src|dist)\// } = target;
  const dice = new Dice(seed);
  const seeds = (await target.seeds()).map((one) => Uint8Array.from(typeof one === 'string' ? Buffer.from(one) : one));
  const corpus: Uint8Array[] = [...seeds];
  const findings = new Map<string, Finding>();
  const begun = performance.now();
  const coverage = new BlockCoverage((url) => guides.test(url));
  let done = 0;
  let held = heldBytes();

  async function judge(input: Uint8Array): Promise<void> {
    const since = performance.now();
    const quick = await outcomeOf(target, input);
    done++;
    const ms = performance.now() - since;
    const now = heldBytes();
    const suspect = quick !== undefined || ms > MOST_MS || now - held > MOST_BYTES;
    held = now;
    if (!suspect) return;
    const fault = quick ?? (await examine(target, input));
    held = heldBytes();
    if (fault === undefined || findings.has(fault.name)) return;
    const again = (shorter: Uint8Array) => {
      const one = fault.kind === 'error' ? outcomeOf(target, shorter) : examine(target, shorter);
      return one.then((other) => other?.name === fault.name);
    };
    const short = await minimise(input, again, fault.kind === 'error' ? 2_000 : 60);
    findings.set(fault.name, { ...fault, input: short });
  }

  for (const input of seeds) await judge(input);
  coverage.take();
  let words = dictionaryOf(coverage.urls, target.words);
  let scripts = coverage.urls.length;
  let atOnce = FEWEST_AT_ONCE;
  while (done < runs && findings.size < MOST_FINDINGS && performance.now() - begun < mostMs) {
    const batch = Array.from({ length: Math.min(atOnce, runs - done) }, () => chosen());
    for (const input of batch) await judge(input);
    if (!guided || coverage.take(false) === 0) {
      if (guided) atOnce = Math.min(MOST_AT_ONCE, atOnce * 2);
      continue;
    }
    atOnce = FEWEST_AT_ONCE;
    for (const input of batch) {
      await outcomeOf(target, input);
      if (coverage.take() > 0) corpus.push(input);
    }
    if (coverage.urls.length === scripts) continue;
    scripts = coverage.urls.length;
    words = dictionaryOf(coverage.urls, target.words);
  }
  if (!guided) coverage.take();
  const seconds = (performance.now() - begun) / 1_000;
  return { runs: done, seconds, blocks: coverage.blocks, corpus, findings: [...findings.values()] };

  /** One of the corpus, changed; the newest come more often, as what they reach is the least known. */
  function chosen(): Uint8Array {
    const newest = dice.below(3) === 0 ? Math.max(0, corpus.length - 8) : 0;
    const from = corpus[newest + dice.below(corpus.length - newest)]!;
    return mutate(from, dice, { other: dice.pick(corpus), words, maxBytes });
  }
}
