import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateError } from './create-error.ts';
import { createProject } from './create-project.ts';
import { checkTemplate, templateNames, templates } from './templates.ts';

/** Where a command writes; `process` is one. */
export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const usage = `usage: create-sluice <folder> --template <name> [--name <package>]

  <folder>    where the project is written: a new or an empty folder
  --template  ${templateNames.map((name) => `${name}: ${templates[name]}`).join('\n              ')}
  --name      the name of the package; default: that of the folder
  --help      this

Through npm: npm create sluice@latest <folder> -- --template <name>
`;

/**
 * What `create-sluice` does with its arguments.
 *
 * @returns the exit status: 0, 1 if the project could not be written, 2 if the arguments are none
 */
export async function command(args: readonly string[], output: Output): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { template: { type: 'string' }, name: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) {
      output.stdout.write(usage);
      return 0;
    }
    const [directory, ...more] = positionals;
    if (directory === undefined) return refused('no folder was given');
    if (more.length > 0) return refused(`one folder was expected, and there is also ${more.join(' ')}`);
    const project = await createProject({ directory, template: checkTemplate(values.template), name: values.name });
    output.stdout.write(done(project));
    return 0;
  } catch (error) {
    if (error instanceof CreateError && (error.code === 'CREATE_FOLDER' || error.code === 'CREATE_WRITE')) {
      output.stderr.write(`${error.message}\n`);
      return 1;
    }
    if (error instanceof CreateError || isParseError(error)) return refused(error.message);
    throw error;
  }

  function refused(message: string): number {
    output.stderr.write(`${message}\n\n${usage}`);
    return 2;
  }
}

function done({ directory, name, files, template }: Awaited<ReturnType<typeof createProject>>): string {
  const way = relative(process.cwd(), directory);
  const steps = [
    ...(way === '' ? [] : [`cd ${way}`]),
    'npm install',
    'npm test',
    template === 'plugin' ? 'npm run example' : 'npm start',
  ];
  return `${name}: ${files.length} files in ${directory}

${steps.map((step) => `  ${step}\n`).join('')}
README.md says what is in it, AGENTS.md how to go on.
`;
}

/** What `parseArgs` throws for arguments that it does not know. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}
