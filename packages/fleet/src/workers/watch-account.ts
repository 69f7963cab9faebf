import { AccountWatch } from '../accounts/account-watch.ts';
import { type Accountable, accountOf, timeBot } from '../accounts/bot-account.ts';
import type { BotLimits } from '../accounts/bot-limits.ts';
import { type FleetErrorCode, fleetError } from '../errors.ts';

/** What is watched, and who is told. */
export interface AccountOrder {
  readonly job: string;
  readonly bot: Accountable;
  readonly limits: BotLimits | undefined;
  /** Once. */
  readonly exceeded: (failure: ReturnType<typeof fleetError>) => void;
}

/** Looks again and again whether a bot takes more than it may. Returns what ends the looking. */
export function watchAccount({ job, bot, limits, exceeded }: AccountOrder): () => void {
  if (limits === undefined) return () => {};
  timeBot(bot);
  const watch = new AccountWatch(limits);
  const code: FleetErrorCode = 'SLUICE_FLEET_LIMIT';
  const look = () => {
    const breach = watch.read(performance.now(), accountOf(bot));
    if (breach === undefined) return;
    clearInterval(timer);
    const fix = 'Make the bot cheaper, or raise the limits of its factory';
    exceeded(fleetError(code, `the bot of ${job} takes more of its worker than it may`, { ...breach, fix }));
  };
  look();
  const timer = setInterval(look, watch.everyMs);
  return () => clearInterval(timer);
}
