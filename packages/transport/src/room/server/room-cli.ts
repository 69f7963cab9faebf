#!/usr/bin/env node
import { runRoomProgram } from './run-room-program.ts';

await runRoomProgram();
process.exit(0);
