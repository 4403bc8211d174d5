/**
 * On every `<ReactFlow>`: our surface behind it, and its attribution (which stays, it is their due) readable. Important,
 * because the library's own style sheet is in no cascade layer and would win.
 */
export const flowStyle =
  'bg-transparent! [&_[class*=attribution]]:bg-transparent! [&_[class*=attribution]_a]:inline-block [&_[class*=attribution]_a]:leading-6! [&_[class*=attribution]_a]:text-tertiary!';
