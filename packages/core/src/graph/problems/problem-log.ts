import type { Diagnostic, Finding, Happened } from './diagnostic.ts';

/** What has not happened again for so long is past, in milliseconds of the graph's clock. */
export const PAST_MS = 30_000;

/** What is remembered of a graph between two looks: since when something is so, and how far something was counted. */
export class ProblemLog {
  #known = new Map<string, number>();
  readonly #counts = new Map<string, { count: number; when: Happened }>();

  /** Dates what was found at a look. @param now since the start @param over whether the graph is: then nothing is past */
  date(findings: readonly Finding[], now: number, over: boolean): Diagnostic[] {
    const before = this.#known;
    this.#known = new Map();
    return findings.map(({ when, lasts, ...finding }) => {
      if (when === undefined) return { ...finding, firstMs: this.#since(finding, before, now), past: false };
      const { firstMs, lastMs } = when;
      if (lasts === true) return { ...finding, firstMs, past: false };
      return { ...finding, firstMs, lastMs, past: !over && now - lastMs > PAST_MS };
    });
  }

  /** When a count of somebody else's grew, as far as somebody looked; undefined while it is 0. */
  grew(key: string, count: number, now: number): Happened | undefined {
    const before = this.#counts.get(key);
    if (before?.count === count || count === 0) return before?.when;
    const when = { firstMs: before?.when.firstMs ?? now, lastMs: now };
    this.#counts.set(key, { count, when });
    return when;
  }

  #since({ text }: Pick<Finding, 'text'>, before: ReadonlyMap<string, number>, now: number): number {
    // Numbers in it may be others at each look.
    const key = text.replaceAll(/\d+/g, '#');
    const since = before.get(key) ?? now;
    this.#known.set(key, since);
    return since;
  }
}
