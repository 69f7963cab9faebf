import { toError } from '@sluice/core';
import { isVoiceError, type VoiceError } from '@sluice/core/voice';
import { serviceError } from '@sluice/service';
import type { OpenAiAccess } from './open-ai-access.ts';

/** What a request's `failed` tells of anything that was thrown. */
export function toldFailure({ identity }: OpenAiAccess, reason: unknown): VoiceError {
  if (isVoiceError(reason)) return reason;
  const cause = toError(reason);
  return serviceError({ ...identity, message: cause.message, cause });
}
