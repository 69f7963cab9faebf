import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listPlugins, type PluginListing } from '@sluice/core/plugins';
import { type Consumer, consumersOf } from './consumers.ts';
import { followAgents } from './follow-agents.ts';
import { npm, run } from './npm.ts';
import { filesOf, neededToBuild, neededToUse, pack, type Tarballs } from './pack.ts';

const root = join(import.meta.dirname, '../../..');

/** How the tests of the project ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * A plugin as somebody begins it who has nothing of sluice but its packages: generated from the tarball of `create-sluice`,
 * installed from tarballs, without a network, in a folder outside of this repository. Each method is a step.
 */
export class TryPlugin {
  readonly name = 'my-node';
  /** What is written: `tarballs`, `begun/my-node` and `consumer` are in it. */
  readonly folder: string;
  readonly project: string;
  readonly consumer: string;
  #tarballs: Tarballs = new Map();

  constructor(folder: string) {
    this.folder = folder;
    this.project = join(folder, 'begun', this.name);
    this.consumer = join(folder, 'consumer');
  }

  /** Packs what it stands on; returns the names of the packages. */
  async pack(): Promise<readonly string[]> {
    this.#tarballs = await pack(join(this.folder, 'tarballs'));
    return [...this.#tarballs.keys()];
  }

  /** Runs `create-sluice` from its tarball, in an empty folder. */
  async create(): Promise<void> {
    const begun = join(this.folder, 'begun');
    await mkdir(begun);
    const [tarball] = filesOf(this.#tarballs, ['create-sluice']);
    const args = ['create-sluice', '--', this.name, '--template', 'plugin'];
    await npm(['exec', '--yes', '--offline', '--package', tarball!, ...args], begun, this.folder);
  }

  /** Installs what the project says it needs. */
  async install(): Promise<void> {
    await npm(['install', '--no-save', ...filesOf(this.#tarballs, neededToBuild)], this.project, this.folder);
  }

  /** Builds the project and runs its tests. */
  async test(): Promise<TestCounts> {
    const told = await npm(['test'], this.project, this.folder);
    const count = (what: string) => Number(new RegExp(`^(?:#|ℹ) ${what} (\\d+)$`, 'm').exec(told)?.[1]);
    return { passed: count('pass'), failed: count('fail') };
  }

  /** Runs its example; returns what it printed. */
  example(): Promise<string> {
    return npm(['run', 'example'], this.project, this.folder);
  }

  /** Holds the project to the rules of this repository. */
  async lint(): Promise<void> {
    const rules = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
    const own = join(this.folder, 'biome.json');
    await writeFile(own, JSON.stringify({ ...rules, root: true, vcs: { enabled: false } }));
    const biome = join(root, 'node_modules/.bin/biome');
    await run(biome, ['check', '--error-on-warnings', `--config-path=${own}`, 'src', 'package.json'], this.project);
  }

  /** Adds an operator as AGENTS.md says. */
  followAgents(): Promise<string> {
    return followAgents(this.project);
  }

  /** Packs the plugin and installs it beside ours where somebody uses it; returns the plugins that are found there. */
  async publish(): Promise<readonly PluginListing[]> {
    const [packed] = JSON.parse(
      await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', this.folder], this.project, this.folder),
    );
    await mkdir(this.consumer);
    const names = [...neededToUse, '@sluice/plugin-minimal'];
    const files = filesOf(this.#tarballs, names).map((file, index) => [names[index], `file:${file}`] as const);
    const own = [this.name, `file:${join(this.folder, packed.filename)}`] as const;
    const manifest = { name: 'consumer', private: true, dependencies: Object.fromEntries([own, ...files]) };
    await writeFile(join(this.consumer, 'package.json'), JSON.stringify(manifest));
    await npm(['install', '--no-package-lock'], this.consumer, this.folder);
    return listPlugins(this.consumer);
  }

  get consumers(): readonly Consumer[] {
    return consumersOf(this.name);
  }

  /** Type-checks and compiles a program that uses the plugin, and runs it; returns what it printed. */
  async use({ file, options, text }: Consumer): Promise<string> {
    const config = `tsconfig.${file}.json`;
    const base = { target: 'es2023', strict: true, skipLibCheck: true, types: ['node'], outDir: 'out' };
    const compilerOptions = { ...base, rootDir: '.', lib: ['es2023', 'esnext.disposable'], ...options };
    await writeFile(join(this.consumer, file), text);
    await writeFile(join(this.consumer, config), JSON.stringify({ compilerOptions, files: [file] }));
    await run(join(this.project, 'node_modules/.bin/tsc'), ['-p', config], this.consumer);
    return run(process.execPath, [join('out', file.replace(/ts$/, 'js'))], this.consumer);
  }
}
