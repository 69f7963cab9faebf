import type { SessionProgram } from '@sluice/core/session';
import type { Scenario } from './scenario.ts';
import { botProgram } from './stage/open-bot.ts';

/**
 * The program of a scenario's recorded runs, for `replaySession` and `sluice replay`: its agent, without the stage.
 *
 * @example
 * await runScenario(greeting, { record: { file: 'greeting.sluice' } });
 * const { differences } = await replaySession('greeting.sluice', { program: scenarioProgram(greeting) });
 */
export function scenarioProgram({ options }: Pick<Scenario, 'options'>): SessionProgram {
  return botProgram(options.agent, {
    hears: noStage,
    speaks: noStage,
    hearsFrom: noStage,
    onPresence: () => {},
    onEvent: () => {},
  });
}

function noStage(): never {
  throw new Error('a replay has no stage');
}
