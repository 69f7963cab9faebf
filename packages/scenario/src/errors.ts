import { SluiceError } from '@sluice/core';

/** Codes of errors that are raised by scenarios. Each has a row in docs/errors.md and a test that raises it. */
export const scenarioErrorCodes = [
  'SLUICE_SCENARIO_EXPECTATION',
  'SLUICE_SCENARIO_BUDGET',
  'SLUICE_SCENARIO_LIMIT',
  'SLUICE_SCENARIO_STALLED',
  'SLUICE_SCENARIO_AGENT',
  'SLUICE_SCENARIO_MODE',
  'SLUICE_SCENARIO_NOT_FOUND',
  'SLUICE_SCENARIO_FILE',
  'SLUICE_SCENARIO_TWICE',
] as const;
/** Codes of the errors that this package raises; each has an entry in docs/errors.md. */
export type ScenarioErrorCode = (typeof scenarioErrorCodes)[number];

/** Something else happened than was expected. What was received stands in the message as a whole, however long. */
export function notAsExpected(what: string, expected: string, received: string): SluiceError<ScenarioErrorCode> {
  return new SluiceError('SLUICE_SCENARIO_EXPECTATION', `${what}; expected ${expected}; received ${received}`);
}

/** A figure of a run is over its budget. */
export function overBudget(faults: readonly string[]): SluiceError<ScenarioErrorCode> {
  return new SluiceError('SLUICE_SCENARIO_BUDGET', faults.join('; '));
}

/** The scenario did not end by itself. `stood` says where it was. */
export function neverEnded(limitMs: number, stood: string): SluiceError<ScenarioErrorCode> {
  return new SluiceError('SLUICE_SCENARIO_LIMIT', `the scenario did not end; it stood at ${stood}`, {
    expected: `an end within ${limitMs} ms`,
    fix: 'Raise limitMs, or look for what it waits for',
  });
}

/** Virtual time stood still while the machine's went on: something is tracked that never settles. */
export function stalled(stallMs: number, stood: string): SluiceError<ScenarioErrorCode> {
  return new SluiceError(
    'SLUICE_SCENARIO_STALLED',
    `virtual time stood still for ${stallMs} ms; it stood at ${stood}`,
    {
      fix: 'Look for a model that never answers; one that waits for the clock itself must not be tracked',
    },
  );
}

/** The agent cannot be tried. */
export function badAgent(what: string, fix: string, cause?: unknown): SluiceError<ScenarioErrorCode> {
  return new SluiceError('SLUICE_SCENARIO_AGENT', what, { fix, ...(cause === undefined ? {} : { cause }) });
}

/** Something that a real call cannot do, or virtual time cannot. */
export function notInMode(what: string, mode: string): SluiceError<ScenarioErrorCode> {
  return new SluiceError('SLUICE_SCENARIO_MODE', `${what} is not possible in ${mode} mode`, {
    fix: `Leave it out where talk.mode is '${mode}'`,
  });
}

/** There is nothing to run. */
export function noScenario(
  what: string,
  fix = 'Name a file with scenarios, or a folder that has *.scenario.ts in it',
): SluiceError<ScenarioErrorCode> {
  return new SluiceError('SLUICE_SCENARIO_NOT_FOUND', what, { fix });
}

/** A file with scenarios throws while it is loaded. */
export function badFile(file: string, cause: Error): SluiceError<ScenarioErrorCode> {
  return new SluiceError('SLUICE_SCENARIO_FILE', `${file} cannot be loaded: ${cause.message}`, { cause });
}

/** Nobody could tell their reports apart. */
export function twiceNamed(file: string, name: string): SluiceError<ScenarioErrorCode> {
  return new SluiceError('SLUICE_SCENARIO_TWICE', `${file} has two scenarios of the name ${JSON.stringify(name)}`, {
    fix: 'Give each a name of its own: reports and sound are named after it',
  });
}
