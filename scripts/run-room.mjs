// A room that stays: node scripts/run-room.mjs [options]. With --open there are bots inside, which are made as an example.
const isExample = process.argv.includes('--open');
if (isExample) process.argv.splice(2, 0, 'open-room');
await import(isExample ? './run-example.mjs' : '../packages/recorder/dist/program/room-cli.js');
