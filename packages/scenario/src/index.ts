// Scenarios

export { type RunScenarioOptions, runScenario, type ScenarioResult } from './run-scenario.ts';
export { type Scenario, type ScenarioOptions, scenario, scenariosOf } from './scenario.ts';
export { scenarioProgram } from './scenario-program.ts';
export type { RecordTo } from './stage/open-bot.ts';
export type { AgentEnds, MakeAgent, Presence, ScenarioAgent, StageMode } from './stage/stage.ts';
export type { BargeInMoment } from './talk/barge-in.ts';
export type { ExpectHeardOptions } from './talk/expect-heard.ts';
export type { ExpectOptions } from './talk/expect-options.ts';
export type { ExpectedLine } from './talk/log-lines.ts';
export type { JoinOptions, Talk } from './talk/talk.ts';
export type { Step } from './talk/talk-context.ts';
export type { TalkNetwork } from './talk/talk-network.ts';

// Figures and budgets

export type { Budgets, DurationBudget } from './measure/budgets.ts';
export type { PartOwner, ScenarioMetrics } from './measure/metrics.ts';
export type { Quantiles } from './measure/quantiles.ts';
export type { SaidLine } from './measure/said-line.ts';
export { wordErrors, wordErrorsWithin, wordsOf } from './measure/word-errors.ts';

// The program

export { runScenarioProgram, type ScenarioProgramOptions } from './program/run-scenario-program.ts';

// Voices and ears that understand each other by sound alone

export { type ToneRecognizerOptions, toneRecognizer } from './voice/tone-recognizer.ts';
export { type ToneVoiceOptions, toneVoice } from './voice/tone-voice.ts';

// Rooms in virtual time

export type { SampleLine } from './room/sample-line.ts';
export type {
  EchoOptions,
  HearsOptions,
  NoiseOptions,
  PlacedSound,
  VirtualParticipant,
} from './room/virtual-participant.ts';
export type { NetworkConditions, VirtualPath } from './room/virtual-path.ts';
export { type RoomChange, type VirtualRoom, type VirtualRoomOptions, virtualRoom } from './room/virtual-room.ts';

// Errors

export { type ScenarioErrorCode, scenarioErrorCodes } from './errors.ts';
