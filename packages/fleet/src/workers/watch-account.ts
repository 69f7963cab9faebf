import type { SluiceError } from '@sluice/core';
import { AccountWatch, type Breach } from '../accounts/account-watch.ts';
import { type Accountable, accountOf, type BotAccount, describeAccount, timeBot } from '../accounts/bot-account.ts';
import type { BotLimits } from '../accounts/bot-limits.ts';
import { type FleetErrorCode, fleetError } from '../errors.ts';
import { botFailed } from './build-bot.ts';

/** What is watched, and who is told. */
export interface AccountOrder {
  readonly job: string;
  readonly factory: string;
  readonly bot: Accountable;
  readonly limits: Required<BotLimits>;
  /** Once. */
  readonly exceeded: (failure: SluiceError, account?: BotAccount) => void;
}

/** Looks again and again whether a bot takes more than it may. Returns what ends the looking. */
export function watchAccount({ job, factory, bot, limits, exceeded }: AccountOrder): () => void {
  timeBot(bot);
  const watch = new AccountWatch(limits);
  const look = () => {
    try {
      const breach = watch.read(performance.now(), accountOf(bot));
      if (breach !== undefined) end(limitFault(job, breach), breach.account);
    } catch (error) {
      end(botFailed(`the bot of ${factory} threw when it was asked what it holds`, error));
    }
  };
  const end = (failure: SluiceError, account?: BotAccount) => {
    clearInterval(timer);
    exceeded(failure, account);
  };
  const timer = setInterval(look, watch.everyMs);
  look();
  return () => clearInterval(timer);
}

function limitFault(job: string, { expected, received, account }: Breach): SluiceError {
  const code: FleetErrorCode = 'SLUICE_FLEET_LIMIT';
  const fix = 'Make the bot cheaper, or raise the limits of its factory';
  const what = `the bot of ${job} takes more of its worker than it may (in all ${describeAccount(account)})`;
  return fleetError(code, what, { expected, received, fix });
}
