// The site of the documentation: npm run docs:site writes its pages first. Nothing in it comes from another host.
import { fileURLToPath } from 'node:url';
import { drawFlowchart } from '../../scripts/site/draw-flowchart.mjs';
import { sidebarsOf } from '../../scripts/site/sidebar.mjs';

/** Paths from docs/; scripts/site/build-site.mjs may say others. */
const { SLUICE_SITE_PAGES: pages = '../out/site-pages', SLUICE_SITE: site = '../packages/cli/site' } = process.env;

export default {
  title: 'sluice',
  description: 'Audio and video through graphs of actors, into real WebRTC calls and back out.',
  srcDir: pages,
  outDir: site,
  cacheDir: `${pages}-cache`,
  cleanUrls: false,
  markdown: {
    // Headings are linked to as on GitHub.
    anchor: {
      slugify: (title) =>
        title
          .trim()
          .toLowerCase()
          .replace(/[^\p{L}\p{N}_\- ]/gu, '')
          .replaceAll(' ', '-'),
    },
    config(markdown) {
      const fence = markdown.renderer.rules.fence;
      markdown.renderer.rules.fence = (...given) => {
        const [tokens, index] = given;
        const { info, content } = tokens[index];
        const drawn = info === 'mermaid' ? drawFlowchart(content) : undefined;
        if (drawn === undefined) return fence(...given);
        return `<p><img alt="Drawing" src="data:image/svg+xml;base64,${Buffer.from(drawn).toString('base64')}"></p>`;
      };
    },
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        // The pages of the API would be most of what every reader loads to search.
        _render: (text, env, markdown) => (env.relativePath.startsWith('api/') ? '' : markdown.render(text, env)),
      },
    },
    outline: [2, 3],
    nav: [
      { text: 'Nodes', link: '/nodes' },
      { text: 'Errors', link: '/errors' },
      { text: 'Benchmarks', link: '/benchmarks' },
    ],
    sidebar: sidebarsOf(fileURLToPath(new URL(`../${pages}`, import.meta.url))),
  },
};
