'use client';

import { Page } from '#components/shell/page.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';

/** A page that threw: the shell stays, the page can be tried again. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Page title="This page failed">
      <ErrorState
        title="Something in this page failed"
        detail={error.digest ? `The console's log has it under digest ${error.digest}.` : error.message}
        onRetry={reset}
      />
    </Page>
  );
}
