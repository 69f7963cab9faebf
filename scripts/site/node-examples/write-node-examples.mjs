// What the pages of nodes let hear and see: each example is run, and what comes of it lies in a folder beside the pages. Nothing
// of it is in the repository.
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { codeOf } from './code-of.mjs';
import { drawn, heard, seen, told } from './examples.mjs';
import { pictures, sounds } from './inputs.mjs';
import { noExamples } from './no-examples.mjs';
import { drawnBy, inputOf, linesOf, picturesOf, soundOf } from './run-example.mjs';
import { endSurroundings } from './surroundings.mjs';

/**
 * Runs the examples into a folder beside the pages.
 *
 * @returns the text for each page, by the name of its node
 */
export async function writeNodeExamples(folder) {
  mkdirSync(folder, { recursive: true });
  const writer = new ExampleWriter(folder);
  const kinds = { Heard: heard, Seen: seen, Told: told, Drawn: drawn };
  const texts = new Map(Object.entries(noExamples).map(([name, why]) => [name, `## No example\n\n${why}`]));
  /** Both ends of a link have one example. */
  const written = new Map();
  try {
    for (const [kind, examples] of Object.entries(kinds))
      for (const [name, example] of Object.entries(examples)) {
        if (!written.has(example)) written.set(example, await made(writer, kind, name, example));
        texts.set(name, written.get(example));
      }
  } finally {
    await endSurroundings();
  }
  return texts;
}

async function made(writer, kind, name, example) {
  try {
    return await writer[kind](name, example);
  } catch (cause) {
    throw new Error(`the example of ${name} does not run`, { cause });
  }
}

class ExampleWriter {
  #folder;
  /** What inputs look and sound like, made once. */
  #inputs = new Map();

  constructor(folder) {
    this.#folder = folder;
  }

  async Heard(name, example) {
    const { given = [], draw = 'wave' } = example;
    const before = [];
    for (const input of given) if (input in sounds) before.push(await this.#sound(input, draw));
    const { wav, picture } = await soundOf(this.#folder, name, example, draw);
    return this.#section('Heard', example, [...before, this.#audible('What comes out', wav, picture)]);
  }

  async Seen(name, example) {
    const before = [];
    for (const input of example.given ?? []) if (input in pictures) before.push(await this.#pictures(input));
    const after = await picturesOf(this.#folder, name, example);
    return this.#section('Seen', example, [...before, this.#visible('What comes out', after)]);
  }

  async Told(_name, example) {
    const before = [];
    for (const input of example.given ?? []) {
      if (input in sounds) before.push(await this.#sound(input, 'wave'));
      else if (input in pictures) before.push(await this.#pictures(input));
    }
    const lines = await linesOf(example);
    return this.#section('Told', example, [...before, `\`\`\`js\n${lines.join('\n')}\n\`\`\``]);
  }

  async Drawn(name, example) {
    return this.#section('Seen', example, [this.#visible(name, [await drawnBy(this.#folder, name, example)])]);
  }

  #section(title, { run }, parts) {
    return [`## ${title}`, `\`\`\`js\n${codeOf(run)}\n\`\`\``, ...parts].join('\n\n');
  }

  async #sound(input, draw) {
    const key = `${input}.${draw}`;
    if (!this.#inputs.has(key)) {
      const { wav, picture } = await inputOf(this.#folder, input, draw);
      this.#inputs.set(key, this.#audible(`\`${input}\``, wav, picture));
    }
    return this.#inputs.get(key);
  }

  async #pictures(input) {
    if (!this.#inputs.has(input)) {
      const made = await picturesOf(this.#folder, input, { run: pictures[input] });
      this.#inputs.set(input, this.#visible(`\`${input}\``, made));
    }
    return this.#inputs.get(input);
  }

  #audible(title, wav, picture) {
    const at = `./${basename(this.#folder)}`;
    const player = `<audio controls preload="none"><source src="${at}/${wav}" type="audio/wav"></audio>`;
    return `${title}:\n\n![${plain(title)}, drawn](${at}/${picture})\n\n${player}`;
  }

  #visible(title, made) {
    const at = `./${basename(this.#folder)}`;
    return `${title}:\n\n${made.map((file) => `![${plain(title)}](${at}/${file})`).join(' ')}`;
  }
}

const plain = (title) => title.replaceAll('`', '');
