#!/usr/bin/env node
import { Daily, runRoomProgram } from '@sluice/transport';
import { roomAdditions } from './room-additions.ts';

Daily.init();
await runRoomProgram(roomAdditions);
await Daily.deinit();
process.exit(0);
