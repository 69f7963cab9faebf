import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { nearestName } from '@sluice/core';
import {
  CreateError,
  createPart,
  createProject,
  type PartName,
  parts,
  type TemplateName,
  templateNames,
  templates,
} from 'create-sluice';
import { wrongUsage } from '../errors.ts';
import { missingFor } from '../programs/load-module.ts';
import { defineCommand, type Outcome } from '../terms/command.ts';
import { exitCodes } from '../terms/exit-codes.ts';

const partNames = Object.keys(parts);

export const newProject = defineCommand({
  name: 'new',
  summary: 'Begins a project from a template in a new folder, or adds a node or an example to this one; offline',
  usage: '<template or part> <folder or name>',
  choices: { ...templates, ...parts },
  words: { least: 2, most: 2 },
  examples: [
    'sluice new talkback my-bot',
    'sluice new plugin here --name @me/my-node',
    'sluice new node my-gain --in src',
  ],
  flags: {
    name: { type: 'string', value: '<package>', about: 'the name of the package; default: that of the folder' },
    in: { type: 'string', value: '<folder>', about: 'of a node or an example: where; default: src, or here' },
  },
  async run({ words: [what = '', where = ''], values }) {
    const isPart = partNames.includes(what);
    if (!isPart && !templateNames.includes(what as TemplateName)) {
      const all = [...templateNames, ...partNames];
      const near = nearestName(what, all);
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      throw wrongUsage(`there is no template ${what}; there is ${all.join(', ')}${hint}`, 'sluice new --help');
    }
    const stray = isPart ? values.name && '--name' : values.in && '--in';
    if (stray) throw wrongUsage(`sluice new ${what} does not take ${stray}`, 'sluice new --help');
    try {
      return await (isPart
        ? added(what as PartName, where, values.in)
        : begun(what as TemplateName, where, values.name));
    } catch (error) {
      if (!(error instanceof CreateError)) throw error;
      const isFolder = error.code === 'CREATE_FOLDER' || error.code === 'CREATE_WRITE';
      const problems = [{ code: error.code, message: error.message }];
      return { ok: false, result: null, text: '', problems, exitCode: isFolder ? exitCodes.failed : exitCodes.usage };
    }
  },
});

async function begun(template: TemplateName, directory: string, name: string | undefined): Promise<Outcome> {
  const made = await createProject({ directory, template, name });
  const way = relative(process.cwd(), made.directory) || '.';
  return {
    ok: true,
    result: made,
    text: `${made.name}: ${made.files.length} files in ${made.directory}\n`,
    next: `cd ${way} && npm install && npm test`,
  };
}

async function added(part: PartName, name: string, into: string | undefined): Promise<Outcome> {
  const made = await createPart({ part, name, directory: into ?? (existsSync('src') ? 'src' : '.') });
  const ways = made.files.map((file) => relative(process.cwd(), file));
  const next = part === 'node' ? 'sluice docs writing-nodes' : runs(ways.find((way) => !way.endsWith('.test.ts'))!);
  return { ok: true, result: made, text: `${ways.join('\n')}\n`, next };
}

/** The command that runs a program, after the one without which it cannot be read here. */
function runs(file: string): string {
  const install = missingFor(file);
  return `${install === undefined ? '' : `${install} && `}sluice run ${file}`;
}
