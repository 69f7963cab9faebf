import type { ServedRequest } from '@sluice/service/testing';
import type { ChatReply, ChatRequest } from './chat-script.ts';

/** Pieces of a call's arguments on the wire, in UTF-16 units. */
const ARGUMENT_PIECE = 7;

/** Answers `POST /chat/completions` with the chunks of a stream, as the service does. */
export async function serveChat(
  request: ServedRequest,
  reply: (request: ChatRequest, signal: AbortSignal) => ChatReply | Promise<ChatReply>,
): Promise<void> {
  const asked = request.json as ChatRequest | undefined;
  if (!Array.isArray(asked?.messages) || typeof asked.model !== 'string')
    return request.reply({ error: { message: 'model and messages are required', type: 'invalid_request_error' } }, 400);
  const said = await reply(asked, request.signal);
  const { text = [], calls = [] } = typeof said === 'string' ? { text: said } : said;
  const shared = { id: 'chatcmpl-local', object: 'chat.completion.chunk', created: 0, model: asked.model };
  const usage = asked.stream_options?.include_usage === true;
  const event = (value: object) => request.write(`data: ${JSON.stringify({ ...shared, ...value })}\n\n`);
  const tell = (delta: object, finish_reason: string | null = null) =>
    event({ choices: [{ index: 0, delta, finish_reason }], ...(usage ? { usage: null } : {}) });

  request.begin('text/event-stream; charset=utf-8');
  await tell({ role: 'assistant', content: '' });
  let tokens = 0;
  for await (const content of typeof text === 'string' ? (text.match(/\s*\S+/g) ?? []) : text) {
    tokens++;
    await tell({ content });
  }
  for (const [index, call] of calls.entries()) {
    const { name, callId: id = `call_${index + 1}` } = call;
    await tell({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
    const whole = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    for (let at = 0; at < whole.length; at += ARGUMENT_PIECE)
      await tell({ tool_calls: [{ index, function: { arguments: whole.slice(at, at + ARGUMENT_PIECE) } }] });
  }
  await tell({}, calls.length > 0 ? 'tool_calls' : 'stop');
  if (usage)
    await event({ choices: [], usage: { prompt_tokens: 1, completion_tokens: tokens, total_tokens: tokens + 1 } });
  await request.write('data: [DONE]\n\n');
  await request.end();
}
