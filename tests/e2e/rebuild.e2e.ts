import { expect, expectAccessible, expectLive, test } from './fixtures.ts';

test('the read model is rebuilt from the panel of history, which says what was found', async ({ page, shop }) => {
  await shop.finished(await shop.placed());
  await page.goto('/?process=history');
  await expectLive(page);
  const section = page.getByRole('region', { name: 'Read model' });
  await expect(section.getByText('Lag')).toBeVisible();
  await section.getByRole('button', { name: 'Rebuild from events' }).click();
  await expect(section.getByRole('status')).toHaveText(/^Rebuilt from .* messages in .*: no order looks otherwise/, {
    timeout: 60_000,
  });
  await expectAccessible(page);
});
