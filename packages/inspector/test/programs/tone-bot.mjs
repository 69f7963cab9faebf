// A program that knows nothing of the inspector: a tone for so many seconds.
import { graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';

const bot = graph('tone-bot');
bot.from(fromTone({ live: true, duration: Number(process.argv[2]) })).to(toNull());
await bot.run();
