import type { AudioFrame } from '@sluice/core';
import { type SessionContext, type SessionHandlers, SpeechSwitch, type VoiceDetectorEvent } from '@sluice/core/voice';
import { BlockCutter, type BlockReceiver, blockMicros } from './block-cutter.ts';
import type { FvadSettings } from './fvad-settings.ts';
import { FvadState } from './fvad-state.ts';
import { HumGate, steadyBlocks } from './hum-gate.ts';
import type { FvadModule } from './load-fvad.ts';
import { refuseSound } from './refuse-sound.ts';

/** One conversation: sound in blocks, through libfvad and the gate against hum, to speech and silence in turns. */
export class FvadSession implements SessionHandlers<AudioFrame>, BlockReceiver {
  readonly #context: SessionContext<VoiceDetectorEvent, FvadSettings>;
  readonly #state: FvadState;
  readonly #gate = new HumGate();
  readonly #speech: SpeechSwitch;
  readonly #cutter = new BlockCutter(this);

  constructor(wasm: FvadModule, context: SessionContext<VoiceDetectorEvent, FvadSettings>) {
    this.#context = context;
    this.#state = new FvadState(wasm);
    this.#speech = new SpeechSwitch(context.emit);
  }

  write(frame: AudioFrame): void {
    refuseSound(frame);
    this.#cutter.write(frame);
  }

  begin(sampleRate: number): void {
    this.#speech.end(this.#cutter.position);
    this.#state.start(sampleRate, this.#context.settings.mode);
    this.#gate.reset();
  }

  block(samples: Int16Array, from: number): void {
    const { settings } = this.#context;
    const to = from + blockMicros;
    const seemsVoiced = this.#state.isVoiced(samples);
    // The gate listens also while it is not asked: it may be asked later.
    const isHum = this.#gate.isHum(samples) && settings.hum === 'gate';
    if (isHum && this.#gate.isSteady) this.#speech.retract(to - steadyBlocks * blockMicros);
    this.#speech.take(seemsVoiced && !isHum, from, to, settings);
  }

  onUpdate(): void {
    this.#state.setMode(this.#context.settings.mode);
  }

  close(): void {
    this.#state.free();
  }
}
