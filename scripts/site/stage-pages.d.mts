export declare function outsideOfCode(text: string, change: (part: string) => string): string;
