import { writeFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';

export type Recording = { saveAs: (file: string) => Promise<void> };

/**
 * Records a page as WebM with what Chromium brings: the frames of its screencast are drawn on a canvas of a second page,
 * which a MediaRecorder encodes. Playwright's own video needs an ffmpeg that a system browser does not come with.
 */
export async function recordScreen(browser: Browser, page: Page): Promise<Recording> {
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
  const context = await browser.newContext();
  const studio = await context.newPage();
  await studio.evaluate(startRecorder, { width, height });

  const screencast = await page.context().newCDPSession(page);
  let drawn = Promise.resolve();
  let waiting = 0;
  screencast.on('Page.screencastFrame', ({ data, sessionId }) => {
    void screencast.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
    // A slow machine skips frames rather than falling behind.
    if (waiting > 2) return;
    waiting += 1;
    drawn = drawn
      .then(() => studio.evaluate(drawFrame, data))
      .catch(() => {})
      .finally(() => {
        waiting -= 1;
      });
  });
  await screencast.send('Page.startScreencast', { format: 'jpeg', quality: 85, maxWidth: width, maxHeight: height });

  return {
    saveAs: async (file) => {
      await screencast.send('Page.stopScreencast').catch(() => {});
      await drawn;
      await writeFile(file, Buffer.from(await studio.evaluate(stopRecorder), 'base64'));
      await context.close();
    },
  };
}

type Studio = { canvas: HTMLCanvasElement; recorder: MediaRecorder; chunks: Blob[] };
type StudioWindow = typeof globalThis & { studio: Studio };

// The three below run in the studio page.

function startRecorder({ width, height }: { width: number; height: number }): void {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d')?.fillRect(0, 0, width, height);
  const recorder = new MediaRecorder(canvas.captureStream(25), {
    mimeType: 'video/webm;codecs=vp8',
    videoBitsPerSecond: 4_000_000,
  });
  const chunks: Blob[] = [];
  recorder.ondataavailable = ({ data }) => chunks.push(data);
  recorder.start(1000);
  (globalThis as StudioWindow).studio = { canvas, recorder, chunks };
}

async function drawFrame(jpeg: string): Promise<void> {
  const { canvas } = (globalThis as StudioWindow).studio;
  const frame = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${jpeg}`)).blob());
  canvas.getContext('2d')?.drawImage(frame, 0, 0, canvas.width, canvas.height);
  frame.close();
}

async function stopRecorder(): Promise<string> {
  const { recorder, chunks } = (globalThis as StudioWindow).studio;
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
