import { rules } from './scripts/rooms/rules.mjs';

export default {
  forbidden: rules,
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '^packages/cli/site/', '\\.generated\\.ts$'] },
  },
};
