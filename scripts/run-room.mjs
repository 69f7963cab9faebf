// A room that stays: node scripts/run-room.mjs [options]. With --open there are bots inside, with --recordings <folder> it can
// be recorded: both are made as an example.
const isExample = process.argv.some((option) => /^--(?:open|recordings)(?:=|$)/.test(option));
if (isExample) process.argv.splice(2, 0, 'open-room');
await import(isExample ? './run-example.mjs' : '../packages/transport/dist/room/server/room-cli.js');
