// What npm would publish of each package: whether its manifest, README, exports and source maps hold on their own, away
// from this repository. Takes the folder into which `npm pack --json` packed, with what it told in packed.json. Ends with
// status 1 and a line for each fault.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const home = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).repository.url;
const page = home.replace(/^git\+|\.git$/g, '');

const into = process.argv[2];
const packed = new Map(JSON.parse(readFileSync(join(into, 'packed.json'), 'utf8')).map((each) => [each.name, each]));

/** @returns {string[]} what is wrong with the tarball of the package in `folder` */
function faultsOf(folder) {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { filename, files } = packed.get(name);
  const unpacked = join(into, `${filename}.d`);
  mkdirSync(unpacked);
  execFileSync('tar', ['-xzf', join(into, filename), '-C', unpacked]);
  const paths = new Set(files.map(({ path }) => path));
  const read = (path) => readFileSync(join(unpacked, 'package', path), 'utf8');
  const manifest = JSON.parse(read('package.json'));
  return [
    ...manifestFaults(manifest, posix.join('packages', folder.split(/[\\/]/).at(-1))),
    ...fileFaults(manifest, paths),
    ...mapFaults(paths, read),
    ...linkFaults(read('README.md')),
  ].map((fault) => `${manifest.name}: ${fault}`);
}

function manifestFaults(manifest, directory) {
  const faults = [];
  const expected = { type: 'git', url: home, directory };
  if (JSON.stringify(manifest.repository) !== JSON.stringify(expected))
    faults.push(`repository is not ${JSON.stringify(expected)}`);
  if (manifest.homepage !== `${page}/tree/main/${directory}#readme`) faults.push('homepage is not its folder');
  for (const field of ['description', 'license', 'engines', 'bugs'])
    if (!manifest[field]) faults.push(`${field} is missing`);
  if (!manifest.keywords?.includes('sluice')) faults.push('keywords lack sluice');
  for (const name of Object.keys(manifest.dependencies ?? {}))
    if (name === 'rxjs' || name === '@sluice/core') faults.push(`${name} is no peer: two copies may be installed`);
  return faults;
}

function fileFaults(manifest, paths) {
  const faults = ['README.md', 'LICENSE'].filter((path) => !paths.has(path)).map((path) => `${path} is missing`);
  const targets = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  for (const target of [...targets, ...Object.values(manifest.bin ?? {})])
    if (!paths.has(posix.normalize(target))) faults.push(`${target} is exported and missing`);
  // What a template has in it is of use where it is written.
  for (const path of paths)
    if (!path.startsWith('templates/') && /\.test(-d)?\.|\.tsbuildinfo$/.test(path))
      faults.push(`${path} is of no use outside the repository`);
  return faults;
}

/** Each map that a file names, and each source that a map names, is in the tarball. */
function mapFaults(paths, read) {
  const faults = [];
  for (const path of paths) {
    if (!/\.(js|d\.ts)$/.test(path)) continue;
    const named = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(read(path))?.[1];
    if (named === undefined || named.startsWith('data:')) continue;
    const map = posix.join(posix.dirname(path), named);
    if (!paths.has(map)) {
      faults.push(`${path} names the map ${named}, which is missing`);
      continue;
    }
    const { sources, sourceRoot = '', sourcesContent } = JSON.parse(read(map));
    sources.forEach((source, index) => {
      const at = posix.join(posix.dirname(map), sourceRoot, source);
      if (!paths.has(at) && !sourcesContent?.[index]) faults.push(`${map} names ${source}, which is missing`);
    });
  }
  return faults;
}

/** Links on the registry's page: absolute, and to a file and heading that are there. */
function linkFaults(readme) {
  const faults = [];
  for (const [, link] of readme.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (link.startsWith('#')) continue;
    if (!link.startsWith('https://')) faults.push(`the README's link ${link} leads nowhere outside the repository`);
    const own = link.startsWith(`${page}/`)
      ? /^\/(?:blob|tree)\/main\/([^#]+)(?:#(.+))?$/.exec(link.slice(page.length))
      : null;
    if (own !== null && !hasTarget(join(root, own[1]), own[2])) faults.push(`the README's link ${link} has no target`);
  }
  return faults;
}

function hasTarget(path, heading) {
  if (!existsSync(path)) return false;
  if (heading === undefined || heading === 'readme') return true;
  const slugs = [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  return slugs.includes(heading) || readFileSync(path, 'utf8').includes(`id="${heading}"`);
}

const published = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => {
    const path = join(folder, 'package.json');
    return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).private !== true;
  });
const faults = published.flatMap(faultsOf);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
