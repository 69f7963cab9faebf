import { Socket } from 'node:net';
import { serveHost } from './host-server.ts';
import { watchParent } from './orphan-watch.ts';
import { SHARED_MEMORY } from './picture-lane.ts';

/** Where the parent has put its end of the pipe, and the memory for pictures from and to it. */
const PIPE = 3;
const FROM_PARENT = 4;
const TO_PARENT = 5;

// Ctrl-C goes to the whole process group. The parent leaves its calls in order and closes the pipe, which ends this.
process.on('SIGINT', () => {});

const memory =
  process.argv[3] === SHARED_MEMORY
    ? { send: TO_PARENT, receive: FROM_PARENT }
    : { send: undefined, receive: undefined };
serveHost(new Socket({ fd: PIPE, readable: true, writable: true }), memory, watchParent(Number(process.argv[2])));
