import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { root } from '../support/paths.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

test('options are changed, their changes read, and the download is what the command writes', async ({ page }) => {
  await page.goto('/export');
  await expect(page.getByText('No file is open')).toBeVisible();
  await page.getByLabel('replicas', { exact: true }).fill('3');
  await page.getByLabel('registry', { exact: true }).fill('ghcr.io/acme');
  const files = page.getByRole('navigation', { name: 'Files' });
  await expect(page.getByText(/changed against the defaults/)).toBeVisible();
  await page.goto(`${page.url()}&file=kubernetes/base/orders/horizontal-pod-autoscaler.yaml`);
  await expect(files.locator('[aria-current=true]')).toHaveAccessibleName(/^horizontal-pod-autoscaler\.yaml changed/);
  const content = page.getByRole('table', { name: 'kubernetes/base/orders/horizontal-pod-autoscaler.yaml' });
  await expect(content.locator('[data-line=removed]')).toContainText('minReplicas: 2');
  await expect(content.locator('[data-line=added]')).toContainText('minReplicas: 3');
  await expectAccessible(page);
  await page.getByRole('radio', { name: 'File', exact: true }).click();
  await expect(content.locator('[data-line=same]').first()).toContainText('apiVersion: autoscaling/v2');

  const zip = await download(page);
  const written = writtenByCommand('all', 'replicas=3', 'registry=ghcr.io/acme');
  expect(Object.keys(zip).sort()).toEqual(Object.keys(written).sort());
  for (const [name, bytes] of Object.entries(written))
    expect(Buffer.from(zip[name] ?? []).equals(bytes), name).toBe(true);
});

test('an option that cannot be meant is said at its field, and nothing can be downloaded', async ({ page }) => {
  await page.goto('/export?option=namespace%3DNot_A_Label');
  await expect(page.getByLabel('namespace', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('must be a DNS label', { exact: false })).toBeVisible();
  await expect(page.getByText('Nothing is rendered')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Download zip' })).toBeDisabled();
  await expectAccessible(page);
});

test('findings lead to their file, targets can be left out', async ({ page }) => {
  await page.goto('/export?target=helm');
  await expect(page.getByLabel('kubernetes', { exact: true })).not.toBeChecked();
  const findings = page.getByRole('region', { name: /^Findings/ });
  await findings
    .getByRole('button', { name: /^helm\/.*values.*:\d+/ })
    .first()
    .click();
  await expect(page).toHaveURL(/file=helm/);
  await expect(page.getByRole('table', { name: /^helm\// })).toBeVisible();
  expect(Object.keys(await download(page)).filter((name) => name.startsWith('kubernetes/'))).toEqual([]);
});

async function download(page: Page): Promise<Record<string, Uint8Array>> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download zip' }).click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await downloading).createReadStream()) chunks.push(chunk as Buffer);
  return unzipSync(Buffer.concat(chunks));
}

function writtenByCommand(target: string, ...options: string[]): Record<string, Buffer> {
  const out = mkdtempSync(path.join(tmpdir(), 'orrery-export-'));
  try {
    const args = [
      'sandbox/cli.ts',
      'export',
      target,
      '--out',
      out,
      ...options.flatMap((option) => ['--option', option]),
    ];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const entries = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      entries.map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(out, file).replaceAll(path.sep, '/'), readFileSync(file)];
      }),
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
