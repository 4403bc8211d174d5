import type { Plan } from '../plan.ts';
import { uses } from './pins.ts';

/** Writes a verified digest into the overlay of one stage, and looks whether the stage is well with it. */
export function promoteWorkflow({ options }: Plan): string {
  const image = `${options.registry}/orrery`;
  return `
name: Promote

on:
  workflow_call:
    inputs:
      stage:
        description: dev, staging or prod
        required: true
        type: string
      tag:
        description: Version without v
        required: true
        type: string
      digest:
        description: What the build pushed, sha256:…
        required: true
        type: string

permissions: {}

jobs:
  promote:
    name: Verify, promote and watch
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    environment: \${{ inputs.stage }}
    concurrency:
      group: promote-\${{ inputs.stage }}
      cancel-in-progress: false
    permissions:
      contents: write # the overlay's image
    env:
      STAGE: \${{ inputs.stage }}
      TAG: \${{ inputs.tag }}
      DIGEST: \${{ inputs.digest }}
      IMAGE: ${image}
    steps:
      - name: Check out
        uses: ${uses('actions/checkout')}
        with:
          ref: main
          persist-credentials: false
      - name: Set up cosign
        uses: ${uses('sigstore/cosign-installer')}
      - name: Verify the signature
        run: |
          cosign verify "$IMAGE@$DIGEST" \\
            --certificate-oidc-issuer https://token.actions.githubusercontent.com \\
            --certificate-identity-regexp '^https://github.com/${options.repository}/\\.github/workflows/release\\.yml@refs/tags/v'
      - name: Write the digest into the overlay
        env:
          GH_TOKEN: \${{ github.token }}
        run: |
          cd "kubernetes/overlays/$STAGE"
          kustomize edit set image "$IMAGE=$IMAGE:$TAG@$DIGEST"
          if git diff --quiet .; then exit 0; fi
          git config user.name "github-actions[bot]"
          git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
          git commit --all --message "$STAGE: orrery $TAG"
          gh auth setup-git
          git push origin HEAD:main
      - name: Smoke test
        env:
          BASE_URL: \${{ vars.BASE_URL }}
        run: bash .github/scripts/smoke.sh
      - name: Watch the canary
        env:
          PROMETHEUS_URL: \${{ vars.PROMETHEUS_URL }}
        run: bash .github/scripts/canary.sh
`;
}
