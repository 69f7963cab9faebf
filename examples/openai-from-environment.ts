import { say } from './room.ts';

/** Where OpenAI is, or what speaks as it does: options of its models. Without a key the program ends and says what to do. */
export function openAiFromEnvironment(): { readonly apiKey?: { readonly env: string }; readonly baseUrl?: string } {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl } = process.env;
  if (!key && !baseUrl) {
    say('OPENAI_API_KEY is not set. It is the key of your account at OpenAI.');
    say('For another service with the same interface set OPENAI_BASE_URL, as http://localhost:8080/v1.');
    say('--local needs neither: it talks to a service on this machine that has a script.');
    process.exit(2);
  }
  return { ...(key ? { apiKey: { env: 'OPENAI_API_KEY' } } : {}), ...(baseUrl ? { baseUrl } : {}) };
}
