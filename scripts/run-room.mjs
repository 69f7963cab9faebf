// A room that stays: node scripts/run-room.mjs [options]. With --open there are bots inside, made as examples.
const program = process.argv.includes('--open')
  ? './run-example.mjs'
  : '../packages/transport/dist/room/server/room-cli.js';
if (process.argv.includes('--open')) process.argv.splice(2, 0, 'open-room');
await import(program);
