export const noExamples: Readonly<Record<string, string>>;
