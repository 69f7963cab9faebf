// Shows the state that the address names behind its #.
import { startPage } from '../../src/ui/start-page.tsx';
import { PaintedCall } from './painted-call.ts';
import { scenes } from './scenes.ts';

const name = location.hash.slice(1);
const scene = scenes[name];
if (scene === undefined) throw new Error(`no scene ${name}`);
const call = new PaintedCall(scene());
startPage(call, 'weekly-meeting');
Object.assign(globalThis, { call });
