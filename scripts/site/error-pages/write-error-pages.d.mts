/** Writes a page for each code of docs/errors.md into a folder of the site, and links the rows of its page of errors to them. */
export function writeErrorPages(root: string, pages: string): void;
