import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** What docs/errors.md says of each code, in a file that the page asks for when somebody wants to know. */
function errorTexts(): Plugin {
  return {
    name: 'error-texts',
    async generateBundle() {
      const page = await readFile(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
      const rows = page.split('\n').flatMap((line) => {
        const [, first = '', happened = '', advice = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
        const code = /`(SLUICE_\w+)`/.exec(first)?.[1];
        return code === undefined ? [] : [[code, { happened: plain(happened), advice: plain(advice) }]];
      });
      this.emitFile({ type: 'asset', fileName: 'errors.json', source: JSON.stringify(Object.fromEntries(rows)) });
    },
  };
}

/**
 * dagre is one file, which gathers all algorithms on graphs in an object by getters: a bundler keeps them all. Those whose name
 * stands nowhere else in it are read by nobody.
 */
function onlyWhatIsRead(): Plugin {
  const gathers = /[\w$]+\([\w$]+,\{(?:\w+:\(\)=>[\w$]+,?)+\}\)/g;
  return {
    name: 'only-what-is-read',
    transform(code, id) {
      if (!id.includes('@dagrejs/dagre')) return undefined;
      const rest = code.replaceAll(gathers, '');
      const isRead = (name: string) => new RegExp(`\\b${name}\\b`).test(rest);
      return code.replaceAll(gathers, (call) =>
        call.replaceAll(/(\w+):\(\)=>[\w$]+,?/g, (getter, name) => (isRead(name) ? getter : '')),
      );
    },
  };
}

/** Links and escaped pipes as text. */
const plain = (cell: string) => cell.replaceAll('\\|', '|').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');

export default defineConfig({
  root: join(import.meta.dirname, 'src/page'),
  plugins: [errorTexts(), onlyWhatIsRead()],
  // Relative: nothing but the inspector's own server is asked.
  base: './',
  build: {
    outDir: join(import.meta.dirname, 'dist/page'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the page's policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
