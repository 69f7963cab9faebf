// Takes the native bindings away, as an install without optional packages does: `node --import ./no-bindings.mjs x.mjs`.
import Module from 'node:module';

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => {
  if (!request.startsWith('@roamhq/wrtc')) return resolve.call(Module, request, ...rest);
  throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
};
