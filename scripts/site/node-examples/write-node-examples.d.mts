/** Runs the examples into a folder beside the pages; without names all of them. The text for each page, by the name of its node. */
export function writeNodeExamples(folder: string, names?: readonly string[]): Promise<ReadonlyMap<string, string>>;
