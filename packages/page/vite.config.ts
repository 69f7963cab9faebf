import { defineConfig } from 'vite';

export default defineConfig({
  // Relative: a room app may be mounted under any path.
  base: './',
  build: {
    target: 'es2022',
    // Nothing inline: the page's policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
