import { inContainers } from '../world.ts';

/** The few pages that proxy.ts answers itself: plain HTML, no script, no style, nothing to steal. */
export function signInPage(): string {
  return document(
    'Sign in to Orrery',
    `<h1>This browser has no session</h1><p>Run <code>${escapeHtml(signInCommand())}</code> and open the console URL it prints. It carries a token that signs this browser in.</p>`,
  );
}

/** Prints the console's URL with its token, in the world that this console runs in. */
export function signInCommand(containers = inContainers()): string {
  return containers
    ? `docker compose -f compose/compose.yaml exec console /nodejs/bin/node -p "process.env.CONSOLE_URL + '/?token=' + fs.readFileSync('/run/orrery/CONSOLE_LAUNCH_TOKEN', 'utf8')"`
    : 'npm run orrery -- status';
}

export function refusalPage(reason: string): string {
  return document('Refused', `<h1>Refused</h1><p>${escapeHtml(reason)}</p>`);
}

/** Goes on to `location`, a local address, as a navigation of our own origin. */
export function goOnPage(location: string): string {
  const href = escapeHtml(location);
  return document(
    'Opening Orrery',
    `<p><a href="${href}">Continue</a></p>`,
    `<meta http-equiv="refresh" content="0;url=${href}">`,
  );
}

function document(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">${head}<title>${title}</title></head><body><main>${body}</main></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
