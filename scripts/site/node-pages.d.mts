export declare function writeNodePages(root: string, into: string): Promise<void>;
