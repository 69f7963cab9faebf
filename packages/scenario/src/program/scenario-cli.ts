import { runScenarioProgram } from './run-scenario-program.ts';

process.exitCode = await runScenarioProgram({ args: process.argv.slice(2) });
