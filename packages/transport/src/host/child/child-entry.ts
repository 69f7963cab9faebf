import { Socket } from 'node:net';
import { serveHost } from './host-server.ts';

/** Where the parent has put its end of the pipe. */
const PIPE = 3;

// Ctrl-C goes to the whole process group. The parent leaves its calls in order and closes the pipe, which ends this.
process.on('SIGINT', () => {});

serveHost(new Socket({ fd: PIPE, readable: true, writable: true }));
