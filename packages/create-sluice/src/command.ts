import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateError } from './create-error.ts';
import { type CreatedProject, createProject } from './create-project.ts';
import {
  choosePackageManager,
  installPackages,
  type PackageManager,
  packageManagers,
  scriptCommand,
} from './package-manager.ts';
import { checkTemplate, type TemplateName, templateNames, templates } from './templates.ts';

/** Where a command writes; `process` is one. */
export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const usage = `usage: create-sluice <folder> --template <name> [options]

  <folder>          where the project is written: a new or an empty folder
  --template        one of those below
  --name            the name of the package; default: that of the folder
  --install         installs its packages too, for which it needs a network
  --pm              ${packageManagers.join(', ')}; default: the one this is started through
  --dry-run         tells what would be written, and writes nothing
  --list-templates  names of templates and what they are, a line each
  --help            this

${listed('  ')}
Through npm: npm create sluice@latest <folder> -- --template <name>
`;

const options = {
  template: { type: 'string' },
  name: { type: 'string' },
  pm: { type: 'string' },
  install: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'list-templates': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * What `create-sluice` does with its arguments.
 *
 * @returns the exit status: 0, 1 if the project could not be written or its packages not be installed, 2 if the arguments are none
 */
export async function command(args: readonly string[], output: Output): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (values.help === true || values['list-templates'] === true) {
      output.stdout.write(values.help === true ? usage : listed());
      return 0;
    }
    const [directory, ...more] = positionals;
    if (directory === undefined) return refused('no folder was given');
    if (more.length > 0) return refused(`one folder was expected, and there is also ${more.join(' ')}`);
    const manager = choosePackageManager(values.pm, output.env ?? {});
    const dryRun = values['dry-run'] === true;
    const template = checkTemplate(values.template);
    const project = await createProject({ directory, template, name: values.name, dryRun });
    const install = values.install === true && !dryRun;
    if (install) await installPackages(manager, project.directory);
    output.stdout.write(dryRun ? planned(project) : done(project, manager, install));
    return 0;
  } catch (error) {
    if (error instanceof CreateError && ['CREATE_FOLDER', 'CREATE_WRITE', 'CREATE_INSTALL'].includes(error.code)) {
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

function listed(indent = ''): string {
  const width = Math.max(...templateNames.map(({ length }) => length));
  return templateNames.map((name) => `${indent}${name.padEnd(width)}  ${templates[name]}\n`).join('');
}

function planned({ directory, name, files }: CreatedProject): string {
  return `${name}: would write ${files.length} files in ${directory}\n\n${files.map((file) => `  ${file}\n`).join('')}`;
}

function done(
  { directory, name, files, template }: CreatedProject,
  manager: PackageManager,
  installed: boolean,
): string {
  const way = relative(process.cwd(), directory);
  const steps = [
    ...(way === '' ? [] : [`cd ${way}`]),
    ...(installed ? [] : [`${manager} install`]),
    ...scriptsOf(template).map((script) => scriptCommand(manager, script)),
  ];
  return `${name}: ${files.length} files in ${directory}

${steps.map((step) => `  ${step}\n`).join('')}
README.md says what is in it, AGENTS.md how to go on.
`;
}

/** What one would try first of a project, in order. */
function scriptsOf(template: TemplateName): readonly string[] {
  if (template === 'plugin') return ['test', 'example'];
  return template === 'repro' ? ['test', 'start'] : ['dev'];
}

/** What `parseArgs` throws for arguments that it does not know. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}
