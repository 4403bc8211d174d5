import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';

/** What a scene has: the page, a caption to speak with, and a camera. */
export type Stage = {
  page: Page;
  /** Shows a sentence at the lower edge, long enough to be read. */
  say: (text: string) => Promise<void>;
  /** Keeps a picture, without the caption. Numbered in order. */
  photograph: (name: string) => Promise<void>;
  /** Stays on what is shown. */
  dwell: (factor?: number) => Promise<void>;
};

/** `paceMs` is how long a viewer needs for a sentence; 0 rushes through. */
export function openStage(page: Page, folder: string, paceMs: number): Stage {
  let pictures = 0;
  const dwell = (factor = 1) => pause(paceMs * factor);
  return {
    page,
    dwell,
    say: async (text) => {
      console.log(`  ${text}`);
      await page.evaluate(showCaption, text);
      await dwell(2);
    },
    photograph: async (name) => {
      pictures += 1;
      await page.evaluate(showCaption, '');
      await page.screenshot({ path: join(folder, `${String(pictures).padStart(2, '0')}-${name}.png`) });
    },
  };
}

/** Runs in the page. Style attributes only: the console's CSP allows no more, and should not. */
function showCaption(text: string): void {
  document.getElementById('demo-caption')?.remove();
  if (text === '') return;
  const caption = document.createElement('div');
  caption.id = 'demo-caption';
  caption.textContent = text;
  caption.setAttribute('aria-hidden', 'true');
  caption.style.cssText =
    'position:fixed;left:50%;bottom:56px;transform:translateX(-50%);max-width:80vw;padding:8px 16px;border-radius:8px;z-index:2147483647;background:rgb(20 22 28 / .92);color:#fff;font:500 16px/24px system-ui,sans-serif;pointer-events:none;box-shadow:0 8px 24px rgb(0 0 0 / .4)';
  document.body.append(caption);
}
