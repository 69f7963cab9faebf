import type { ScenarioResult } from '../run-scenario.ts';
import type { Artifacts } from './artifacts.ts';

/** What is printed of a run: a line where it passed, and where it failed all that tells why. */
export function reportLines(result: ScenarioResult, artifacts?: Artifacts): string[] {
  const { name, passed, scenarioMs, wallMs, metrics } = result;
  const times = `${seconds(scenarioMs)} s of talk in ${seconds(wallMs)} s`;
  const figures =
    metrics === undefined
      ? ''
      : `, ${metrics.turns} turns, voice to voice ${metrics.voiceToVoiceMs.p50 ?? '-'} ms, silence ${metrics.timeToSilenceMs.max ?? '-'} ms, ${metrics.glitches} glitches`;
  const head = `${passed ? 'ok    ' : 'FAILED'} ${name} (${times}${figures})`;
  return passed ? [head] : [head, ...failureLines(result, artifacts).map((line) => `       ${line}`)];
}

/** Which step failed, when, what was expected and what was there instead, where to listen, and all that happened. */
export function failureLines(result: ScenarioResult, artifacts: Artifacts | undefined): string[] {
  const { error, failedStep, scenarioMs, timeline } = result;
  const lines = error === undefined ? [] : [error.message];
  if (failedStep !== undefined) {
    const { number, who, name, atMs } = failedStep;
    const whose = who === undefined ? '' : ` of ${who}`;
    lines.push(`in step ${number}${whose}, ${name}, from ${moment(atMs)} to ${moment(scenarioMs)}`);
  }
  if (artifacts?.sound !== undefined)
    lines.push(`listen: ${artifacts.sound} (left what people said, right what they heard of the agent)`);
  if (artifacts !== undefined) lines.push(`log: ${artifacts.log}`, `report: ${artifacts.report}`);
  return [...lines, '', ...timeline];
}

function moment(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
