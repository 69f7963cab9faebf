// ts-node runs ES modules through a registered loader; `ts-node --esm` does not work on Node 20.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

process.env.TS_NODE_TRANSPILE_ONLY ??= 'true';
process.env.TS_NODE_PROJECT ??= new URL('../tsconfig.run.json', import.meta.url).pathname;
register('ts-node/esm', pathToFileURL(import.meta.filename));
