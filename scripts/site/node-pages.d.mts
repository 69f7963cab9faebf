export function writeNodePages(root: string, into: string, examples?: ReadonlyMap<string, string>): Promise<void>;
