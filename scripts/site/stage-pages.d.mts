export declare function stagePages(root: string, into: string): void;
export declare function outsideOfCode(text: string, change: (part: string) => string): string;
