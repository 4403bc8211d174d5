/** Actions by commit, with the release it belongs to: a tag can be moved, a commit cannot. */
const pins = {
  'actions/checkout': ['3d3c42e5aac5ba805825da76410c181273ba90b1', 'v7.0.1'],
  'actions/setup-node': ['820762786026740c76f36085b0efc47a31fe5020', 'v7.0.0'],
  'actions/attest': ['1e69f48acb82d1966a394da916b4c1698aa569d6', 'v4.2.2'],
  'docker/setup-buildx-action': ['37fe631027851001ddb9b187196cc803df7f5f0e', 'v4.3.0'],
  'docker/login-action': ['dbcb813823bdd20940b903addbd779551569679f', 'v4.6.0'],
  'docker/build-push-action': ['53b7df96c91f9c12dcc8a07bcb9ccacbed38856a', 'v7.3.0'],
  'sigstore/cosign-installer': ['6f9f17788090df1f26f669e9d70d6ae9567deba6', 'v4.1.2'],
  'anchore/sbom-action': ['e22c389904149dbc22b58101806040fa8d37a610', 'v0.24.0'],
} as const;

/** `uses:` of an action, e.g. `actions/checkout@3d3c… # v7.0.1`. */
export function uses(action: keyof typeof pins): string {
  const [commit, release] = pins[action];
  return `${action}@${commit} # ${release}`;
}
