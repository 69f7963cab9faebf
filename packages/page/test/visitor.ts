import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { until } from './until.ts';

/** Where Debian and its descendants, and the usual installers, put it. `scripts/install-test-tools.sh` installs it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface Devices {
  /** A WAV file that the microphone plays over and over, and a Y4M file that the camera shows. */
  readonly microphone: string;
  readonly camera: string;
}

/** Chromium without a window, whose devices play files. */
export async function openChromium({ microphone, camera }: Devices): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error(`Chromium is not installed: none of ${PLACES.join(', ')}`);
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${microphone}`,
    `--use-file-for-fake-video-capture=${camera}`,
  ];
  return chromium.launch({ executablePath, args });
}

/** A person at the page of a room, by what they see: accessible names alone. */
export class Visitor {
  readonly page: Page;
  /** What the page complained about. */
  readonly faults: string[] = [];
  readonly #context: BrowserContext;

  static async open(browser: Browser, url: string): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const visitor = new Visitor(context, await context.newPage());
    await visitor.page.goto(url);
    return visitor;
  }

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('pageerror', (error) => this.faults.push(error.message));
  }

  async join(name: string, devices: { readonly microphone?: boolean; readonly camera?: boolean } = {}): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(name);
    // The form turns both on by itself, for the preview.
    for (const off of ['Mute', 'Stop camera'])
      await this.page.getByRole('button', { name: off, exact: true }).waitFor();
    if (devices.microphone !== true) await this.press('Mute');
    if (devices.camera !== true) await this.press('Stop camera');
    await this.press('Join');
    await this.page.getByRole('button', { name: 'Leave' }).waitFor();
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Until the page plays something. Asked from outside: its policy lets nothing be evaluated in it. */
  async playing(): Promise<void> {
    await until(() => this.page.evaluate<boolean>("document.querySelector('audio')?.paused === false"), 20_000);
  }

  /** Samples of what the page plays of the first sound it has, mono at 48 kHz. */
  async hear(milliseconds: number): Promise<Int16Array> {
    const samples = await this.page.evaluate<number[]>(`(${listen})(${milliseconds})`);
    return Int16Array.from(samples);
  }

  /** What the first picture of the page with this width shows, in RGBA. */
  async see(width: number, height: number): Promise<Uint8Array> {
    const base64 = await this.page.evaluate<string>(`(${look})(${width}, ${height})`);
    return new Uint8Array(Buffer.from(base64, 'base64'));
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}

/** Runs in the page, as text. */
const listen = `async (milliseconds) => {
  const element = document.querySelector('audio');
  if (element === null || element.paused) throw new Error('nothing plays');
  const context = new AudioContext({ sampleRate: 48000 });
  await context.resume();
  const ear = context.createScriptProcessor(4096, 1, 1);
  const samples = [];
  // An ear that was just made hears silence at first, whatever plays.
  let early = 200 * 48;
  await new Promise((resolve) => {
    ear.onaudioprocess = ({ inputBuffer }) => {
      early -= inputBuffer.length;
      if (early > 0) return;
      for (const sample of inputBuffer.getChannelData(0)) samples.push(Math.round(sample * 32767));
      if (samples.length >= milliseconds * 48) resolve();
    };
    context.createMediaStreamSource(element.srcObject).connect(ear);
    ear.connect(context.destination);
  });
  await context.close();
  return samples;
}`;

const look = `async (width, height) => {
  const video = [...document.querySelectorAll('video')].find((one) => one.videoWidth === width);
  if (video === undefined) return '';
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(text);
}`;
