'use client';

/** The last resort, when the shell itself threw: no styles, no providers, only a way back. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>The console failed</h1>
          <p>Its log has the details: npm run orrery -- logs console</p>
          <button type="button" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
