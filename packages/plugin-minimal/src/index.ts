// The node
export { bitcrush } from './bitcrush.ts';

// What it is tried by
export { conformance } from './conformance.ts';
