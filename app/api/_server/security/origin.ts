/** What a browser says about where a request comes from. Null where the header is absent. */
export type RequestSource = {
  method: string;
  host: string;
  origin: string | null;
  secFetchSite: string | null;
  secFetchMode: string | null;
  secFetchDest: string | null;
};

/**
 * `own`: our page, or no browser at all. `link`: the reader followed a link from elsewhere to a page (nothing changes by
 * it). `foreign`: everything else, including another port on this machine, which counts as the same *site* but is not
 * the same origin.
 */
export function classifySource(source: RequestSource): 'own' | 'link' | 'foreign' {
  if (source.origin !== null && source.origin !== `http://${source.host}`) return 'foreign';
  switch (source.secFetchSite) {
    case null:
    case 'same-origin':
    case 'none':
      return 'own';
    default: {
      const followed =
        source.method === 'GET' && source.secFetchMode === 'navigate' && source.secFetchDest === 'document';
      return followed ? 'link' : 'foreign';
    }
  }
}
