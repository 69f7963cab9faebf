// The pages of the API, a page for each entry of each package, by typedoc.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const HOME = 'https://github.com/sluice/sluice/blob/main';

/** Writes them into a folder. */
export function writeApiPages(root, into) {
  const raw = `${into}-raw`;
  const options = {
    plugin: 'typedoc-plugin-markdown',
    router: 'module',
    out: raw,
    entryFileName: 'index',
    readme: 'none',
    gitRevision: 'main',
    sourceLinkTemplate: `${HOME}/packages/{path}#L{line}`,
    logLevel: 'Error',
  };
  const flags = ['hidePageHeader', 'hideBreadcrumbs', 'excludeExternals', 'disableGit'].map((flag) => `--${flag}`);
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  execFileSync(join(root, 'node_modules/.bin/typedoc'), [...given, ...flags], { cwd: root, stdio: 'inherit' });
  renamed(raw, into);
}

/** As packages name their entries: core/src/testing is @sluice/core/testing. */
function renamed(from, into) {
  const nameOf = (path) => path.replace('/src.md', '.md').replace('/src/', '/');
  for (const path of readdirSync(from, { recursive: true }).filter((path) => path.endsWith('.md'))) {
    const text = readFileSync(join(from, path), 'utf8')
      .replace(/^# (\S+?)\/src/m, (_, name) => `# ${name === 'create-sluice' ? name : `@sluice/${name}`}`)
      .replace(/\]\(([^)\s:#]+\.md)/g, (_, link) => {
        const target = nameOf(posix.join(posix.dirname(path), link));
        const way = posix.relative(posix.dirname(nameOf(path)), target);
        return `](${way.startsWith('.') ? way : `./${way}`}`;
      });
    mkdirSync(dirname(join(into, nameOf(path))), { recursive: true });
    writeFileSync(join(into, nameOf(path)), text);
  }
  rmSync(from, { recursive: true });
}
