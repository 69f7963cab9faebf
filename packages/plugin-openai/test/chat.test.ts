import { checklist } from '@sluice/core/testing';
import { openaiChat } from '@sluice/plugin-openai';
import { startOpenAiServer } from '@sluice/plugin-openai/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';

let server: Awaited<ReturnType<typeof startOpenAiServer>>;
beforeAll(async () => {
  server = await startOpenAiServer();
});
afterAll(() => server.close());

describe('openaiChat', () => {
  checklist(it, () => openaiChat({ model: 'gpt-4.1-mini', baseUrl: server.baseUrl }), { kind: 'language-model' });
});
