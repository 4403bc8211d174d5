import { createHash } from 'node:crypto';
import type { Account } from './accounts.ts';

const style = `
:root { color-scheme: light dark; --canvas: oklch(.99 .002 262); --surface: #fff; --border: oklch(.62 .012 262);
  --text: oklch(.22 .012 262); --quiet: oklch(.45 .014 262); --accent: oklch(.52 .19 262); --on-accent: oklch(.99 .002 262);
  --error: oklch(.54 .2 27) }
@media (prefers-color-scheme: dark) { :root { --canvas: oklch(.165 .006 262); --surface: oklch(.195 .007 262);
  --border: oklch(.54 .012 262); --text: oklch(.95 .004 262); --quiet: oklch(.74 .01 262); --accent: oklch(.7 .14 262);
  --on-accent: oklch(.165 .006 262); --error: oklch(.71 .17 25) } }
* { box-sizing: border-box }
body { margin: 0; background: var(--canvas); color: var(--text); font: 14px/20px system-ui, sans-serif }
main { max-width: 25rem; margin: 12vh auto 2rem; padding: 0 1rem }
h1 { font-size: 16px; line-height: 24px; font-weight: 600; margin: 0 0 4px }
p { margin: 0 0 16px; color: var(--quiet) }
form { display: grid; gap: 16px }
fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 4px }
legend { padding: 0 0 4px; font-weight: 500 }
.choice { display: flex; gap: 8px; align-items: flex-start; padding: 6px 0 }
.choice small { display: block; font-size: 12px; line-height: 16px; color: var(--quiet) }
input[type=radio] { width: 16px; height: 16px; margin: 2px 0 0; accent-color: var(--accent) }
label.field { display: grid; gap: 4px; font-weight: 500 }
input[type=password] { font: inherit; height: 32px; padding: 0 8px; color: inherit; background: var(--surface);
  border: 1px solid var(--border); border-radius: 6px }
.actions { display: flex; gap: 8px }
button { font: inherit; font-weight: 500; height: 32px; padding: 0 12px; border-radius: 6px; cursor: pointer;
  border: 1px solid var(--border); background: transparent; color: inherit }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.error { color: var(--error); font-weight: 500; margin: 0 }
code { font: 13px/20px ui-monospace, monospace }
`;

/** Nothing but our own style sheet; forms may lead back to a client on loopback, which the code flow ends with. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self' http://127.0.0.1:* http://localhost:*",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export type LoginPage = {
  uid: string;
  clientName: string;
  accounts: readonly Account[];
  password: string;
  /** Name that was tried before, to keep it selected. */
  username: string | null;
  error: string | null;
};

export function renderLoginPage(page: LoginPage): string {
  const selected = page.username ?? page.accounts[0]?.username;
  const choices = page.accounts.map(
    (account) => `<label class="choice">
        <input type="radio" name="username" value="${escapeHtml(account.username)}"${account.username === selected ? ' checked' : ''}>
        <span>${escapeHtml(account.name)} <code>${escapeHtml(account.username)}</code><small>${escapeHtml(account.purpose)}</small></span>
      </label>`,
  );
  const error = page.error === null ? '' : `<p class="error" id="error" role="alert">${escapeHtml(page.error)}</p>`;
  const invalid = page.error === null ? '' : ' aria-invalid="true"';
  const described = page.error === null ? 'hint' : 'error hint';
  return layout(
    'Sign in',
    `<h1>Sign in to ${escapeHtml(page.clientName)}</h1>
    <p id="hint">A sandbox on this machine. The password of every demo user is <code>${escapeHtml(page.password)}</code>.</p>
    <form method="post" action="/interaction/${escapeHtml(page.uid)}/login">
      <fieldset><legend>Demo user</legend>
      ${choices.join('\n      ')}
      </fieldset>
      <label class="field">Password
        <input type="password" name="password" required autocomplete="current-password" aria-describedby="${described}"${invalid}>
      </label>
      ${error}
      <div class="actions">
        <button class="primary" type="submit">Sign in</button>
        <button type="submit" formaction="/interaction/${escapeHtml(page.uid)}/abort" formnovalidate>Cancel</button>
      </div>
    </form>`,
  );
}

/** `form` is the provider's own hidden form, `op.logoutForm`. */
export function renderSignOutPage(form: string): string {
  return layout(
    'Sign out',
    `<h1>Sign out of Orrery?</h1>
    ${form}
    <div class="actions">
      <button class="primary" type="submit" form="op.logoutForm" value="yes" name="logout">Sign out</button>
      <button type="submit" form="op.logoutForm">Stay signed in</button>
    </div>`,
  );
}

export function renderSignedOutPage(): string {
  return layout('Signed out', '<h1>Signed out</h1><p>You can close this page.</p>');
}

export function renderErrorPage(error: string, description: string | undefined): string {
  return layout(
    'Sign-in failed',
    `<h1>This sign-in cannot continue</h1>
    <p>${escapeHtml(description ?? error)} (<code>${escapeHtml(error)}</code>). Start again from the application.</p>`,
  );
}

function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)} · Orrery</title>
    <style>${style}</style>
  </head>
  <body><main>
    ${body}
  </main></body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
