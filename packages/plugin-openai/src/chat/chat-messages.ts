import type { Message, Tool } from '@sluice/core/voice';

/** The service's own rule for names of people; what is not allowed becomes `_`. */
const NAME_LENGTH = 64;

/** The conversation as Chat Completions takes it. */
export function toChatMessages(messages: readonly Message[]): readonly object[] {
  return messages.map((message) => {
    switch (message.role) {
      case 'tool':
        return { role: 'tool', tool_call_id: message.callId, content: message.text };
      case 'assistant': {
        const calls = (message.calls ?? []).map(({ callId, name, arguments: given }) => ({
          id: callId,
          type: 'function',
          function: { name, arguments: JSON.stringify(given) },
        }));
        // Without a word it has to be null: an empty text is refused beside tools by some.
        if (calls.length > 0) return { role: 'assistant', content: message.text || null, tool_calls: calls };
        return { role: 'assistant', content: message.text };
      }
      case 'user':
        return {
          role: 'user',
          content: message.text,
          ...(message.name === undefined ? {} : { name: toName(message.name) }),
        };
      default:
        return { role: 'system', content: message.text };
    }
  });
}

/** The tools as Chat Completions takes them. */
export function toChatTools(tools: readonly Tool[]): readonly object[] {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters },
  }));
}

function toName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, NAME_LENGTH) || '_';
}
