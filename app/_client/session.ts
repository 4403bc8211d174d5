'use client';

/** Fetch that notices the end of the session: the console was launched anew, so the page must be opened anew. */
export const signedInFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status === 401) window.location.reload();
  return response;
};

/** Asks for a small file that needs a session; reloads, to the sign-in page, where there is none. */
export async function checkSession(): Promise<void> {
  // While the server is away nobody answers; the stream's own retry goes on.
  await signedInFetch('/icon.svg', { cache: 'no-store' }).catch(() => undefined);
}
