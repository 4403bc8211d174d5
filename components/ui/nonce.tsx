'use client';

import { createContext, type ReactNode, useContext } from 'react';

const Nonce = createContext<string | undefined>(undefined);

declare global {
  // Read by get-nonce (react-remove-scroll under every Radix dialog) before it adds its <style>.
  var __webpack_nonce__: string | undefined;
}

/** Hands the request's CSP nonce to the components that must inject a style element. */
export function NonceProvider({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  if (typeof window !== 'undefined') globalThis.__webpack_nonce__ ??= nonce;
  return <Nonce value={nonce}>{children}</Nonce>;
}

export function useNonce(): string | undefined {
  return useContext(Nonce);
}
