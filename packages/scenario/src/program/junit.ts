// The program behind `npm run scenario`: files, options, tables, reports. What a run is lies in the rooms below.

import type { ScenarioResult } from '../run-scenario.ts';

export interface FileResult {
  readonly file: string;
  readonly result: ScenarioResult;
}

/** The results as JUnit XML, a suite per file. */
export function junitXml(results: readonly FileResult[]): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const suites = files.map((file) => {
    const own = results.filter((one) => one.file === file).map(({ result }) => result);
    const failures = own.filter(({ passed }) => !passed).length;
    const seconds = own.reduce((sum, { wallMs }) => sum + wallMs, 0) / 1_000;
    const head = `  <testsuite name="${escaped(file)}" tests="${own.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(3)}">`;
    return [head, ...own.map((result) => testCase(file, result)), '  </testsuite>'].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}

function testCase(file: string, { name, mode, seed, wallMs, error, timeline }: ScenarioResult): string {
  const head = `    <testcase classname="${escaped(file)}" name="${escaped(`${name} [${mode}, seed ${seed}]`)}" time="${(wallMs / 1_000).toFixed(3)}"`;
  if (error === undefined) return `${head}/>`;
  const type = 'code' in error ? String(error.code) : error.name;
  const text = escaped(timeline.join('\n'));
  return `${head}>\n      <failure type="${escaped(type)}" message="${escaped(error.message)}">${text}</failure>\n    </testcase>`;
}

/** Without what XML 1.0 cannot hold, not even escaped. */
function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
  return clean.replace(/[&<>"\n]/g, (letter) => entities[letter]!);
}
