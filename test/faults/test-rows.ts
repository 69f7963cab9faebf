import { describe, test } from 'vitest';
import { all } from './all.ts';
import type { CheckedRow, HeldBy } from './fault-row.ts';
import { heldBy } from './fault-row.ts';
import { parts } from './parts.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** For scripts/run-faults.mjs: the row that a test proves, what it measured, which tests elsewhere prove it. */
    row?: string;
    measured?: string[];
    heldBy?: readonly HeldBy[];
  }
}

/** One test for each row that is checked here, of those in real time or of the others. */
export function testRows(realTime: boolean): void {
  for (const { title, rows } of parts) {
    const checked = rows.filter(
      (row): row is CheckedRow => 'check' in row && (row.realTime ?? false) === realTime && (all || !row.long),
    );
    if (checked.length === 0) continue;
    describe(title, () => {
      for (const { id, fault, check, timeoutMs = 60_000 } of checked)
        test(`${id} ${fault}`, { timeout: timeoutMs }, async ({ task: { meta } }) => {
          meta.row = id;
          meta.measured = [];
          await check((what, value, unit) => meta.measured!.push(`${what} ${round(value)} ${unit}`.trim()));
        });
    });
  }
}

/** One test for each row that is proven elsewhere: the tests that it names are there. */
export function testHeldRows(read: (file: string) => string): void {
  for (const row of parts.flatMap(({ rows }) => rows)) {
    const held = heldBy(row);
    if (held.length === 0) continue;
    test(`${row.id} ${row.fault}`, ({ task: { meta } }) => {
      meta.row = row.id;
      meta.heldBy = held;
      for (const { file, test } of held)
        if (!testNames(read(file)).some((name) => name.includes(test)))
          throw new Error(`${row.id} names the test "${test}", which is not in ${file}`);
    });
  }
}

/** What stands where the names of tests do: a string after a bracket or alone on a line, with a comma behind it. */
function testNames(source: string): readonly string[] {
  return [...source.matchAll(/(?:^\s*|[([])(['"`])(.*?)\1,/gm)].map(([, , name]) => name!);
}

/** Three digits that count. */
function round(value: number): string {
  return Number(value.toPrecision(Math.abs(value) >= 1_000 ? 4 : 3)).toLocaleString('en-GB');
}
