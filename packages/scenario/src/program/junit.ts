// The program behind `sluice scenario`: files, options, tables, reports. What a run is lies in the rooms below.

import { resolve } from 'node:path';
import type { ScenarioResult } from '../run-scenario.ts';
import type { Artifacts } from './artifacts.ts';
import { failureLines } from './report-lines.ts';

export interface FileResult {
  readonly file: string;
  readonly result: ScenarioResult;
  /** Of one that failed. */
  readonly artifacts?: Artifacts;
}

/** The results as JUnit XML, a suite per file. */
export function junitXml(results: readonly FileResult[]): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const suites = files.map((file) => {
    const own = results.filter((one) => one.file === file);
    const failures = own.filter(({ result }) => !result.passed).length;
    const seconds = own.reduce((sum, { result }) => sum + result.wallMs, 0) / 1_000;
    const head = `  <testsuite name="${escaped(file)}" tests="${own.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(3)}">`;
    return [head, ...own.map(testCase), '  </testsuite>'].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}

function testCase({ file, result, artifacts }: FileResult): string {
  const { name, mode, seed, wallMs, error } = result;
  const head = `    <testcase classname="${escaped(file)}" name="${escaped(`${name} [${mode}, seed ${seed}]`)}" time="${(wallMs / 1_000).toFixed(3)}"`;
  if (error === undefined) return `${head}/>`;
  const type = 'code' in error ? String(error.code) : error.name;
  const text = escaped(failureLines(result, artifacts).join('\n'));
  // What viewers of JUnit link or show: https://plugins.jenkins.io/junit-attachments/
  const attached = Object.values(artifacts ?? {}).map((path) => escaped(`[[ATTACHMENT|${resolve(path)}]]`));
  const failure = `      <failure type="${escaped(type)}" message="${escaped(error.message)}">${text}</failure>`;
  return [
    `${head}>`,
    failure,
    ...attached.map((one) => `      <system-out>${one}</system-out>`),
    '    </testcase>',
  ].join('\n');
}

/** Without what XML 1.0 cannot hold, not even escaped. */
function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
  return clean.replace(/[&<>"\n]/g, (letter) => entities[letter]!);
}
