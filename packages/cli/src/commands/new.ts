import { relative } from 'node:path';
import { CreateError, createProject, type TemplateName, templateNames, templates } from 'create-sluice';
import { wrongUsage } from '../errors.ts';
import { defineCommand } from '../terms/command.ts';
import { exitCodes } from '../terms/exit-codes.ts';

export const newProject = defineCommand({
  name: 'new',
  summary: 'Begins a project from a template, in a new folder; offline',
  usage: `<${templateNames.join('|')}> <folder>`,
  words: { least: 2, most: 2 },
  examples: [
    'sluice new talkback my-bot',
    'sluice new plugin here --name @me/my-node',
    'sluice new voice-agent my-agent --json',
  ],
  flags: {
    name: { type: 'string', value: '<package>', about: 'the name of the package; default: that of the folder' },
  },
  async run({ words: [template = '', directory = ''], values: { name } }) {
    if (!templateNames.includes(template as TemplateName)) {
      const list = templateNames.map((one) => `${one} (${templates[one]})`).join(', ');
      throw wrongUsage(`there is no template ${template}; there is ${list}`);
    }
    try {
      const made = await createProject({ directory, template: template as TemplateName, name });
      const way = relative(process.cwd(), made.directory) || '.';
      return {
        ok: true,
        result: made,
        text: `${made.name}: ${made.files.length} files in ${made.directory}\n`,
        next: `cd ${way} && npm install && npm test`,
      };
    } catch (error) {
      if (!(error instanceof CreateError)) throw error;
      const isFolder = error.code === 'CREATE_FOLDER' || error.code === 'CREATE_WRITE';
      const problems = [{ code: error.code, message: error.message }];
      return { ok: false, result: null, text: '', problems, exitCode: isFolder ? exitCodes.failed : exitCodes.usage };
    }
  },
});
