import type { Plan } from '../plan.ts';
import { uses } from './pins.ts';

/** Builds a tagged version once, says what is in it and who made it, and hands its digest to the stages. */
export function releaseWorkflow(plan: Plan): string {
  const image = `${plan.options.registry}/orrery`;
  const stages = plan.options.overlays;
  return `
name: Release

on:
  push:
    tags: ["v*"]

permissions: {}

concurrency:
  group: release
  cancel-in-progress: false

jobs:
  build:
    name: Build, attest and sign
    runs-on: ubuntu-24.04
    timeout-minutes: 40
    environment: build
    permissions:
      contents: read # the sources
      packages: write # the image, where the registry is GitHub's
      id-token: write # keyless signature and provenance
      attestations: write # SBOM and provenance
    outputs:
      digest: \${{ steps.push.outputs.digest }}
      tag: \${{ steps.version.outputs.tag }}
    steps:
      - name: Check out
        uses: ${uses('actions/checkout')}
        with:
          persist-credentials: false
      - name: Name the version
        id: version
        run: echo "tag=\${GITHUB_REF_NAME#v}" >> "$GITHUB_OUTPUT"
      - name: Set up Buildx
        uses: ${uses('docker/setup-buildx-action')}
${loginSteps(plan)}
      - name: Build and push
        id: push
        uses: ${uses('docker/build-push-action')}
        with:
          context: .
          file: compose/Dockerfile
          push: true
          tags: ${image}:\${{ steps.version.outputs.tag }}
          provenance: mode=max
          sbom: true
          no-cache: true
      - name: List what is in it
        uses: ${uses('anchore/sbom-action')}
        with:
          image: ${image}@\${{ steps.push.outputs.digest }}
          format: cyclonedx-json
          output-file: sbom.cdx.json
          upload-artifact: false
          upload-release-assets: false
      - name: Attest what is in it
        uses: ${uses('actions/attest')}
        with:
          subject-name: ${image}
          subject-digest: \${{ steps.push.outputs.digest }}
          sbom-path: sbom.cdx.json
          push-to-registry: true
      - name: Set up cosign
        uses: ${uses('sigstore/cosign-installer')}
      - name: Sign the digest
        env:
          IMAGE: ${image}
          DIGEST: \${{ steps.push.outputs.digest }}
        run: |
          cosign sign --yes "$IMAGE@$DIGEST"
          cosign attest --yes --type cyclonedx --predicate sbom.cdx.json "$IMAGE@$DIGEST"
${stages.map((stage, index) => stageJob(stage, ['build', ...stages.slice(Math.max(0, index - 1), index)])).join('')}`;
}

function stageJob(stage: string, needs: readonly string[]): string {
  return `
  ${stage}:
    name: Promote to ${stage}
    needs: [${needs.join(', ')}]
    permissions:
      contents: write # the overlay's image
    uses: ./.github/workflows/promote.yml # zizmor: ignore[self-repository]
    with:
      stage: ${stage}
      tag: \${{ needs.build.outputs.tag }}
      digest: \${{ needs.build.outputs.digest }}
`;
}

/** How the job may push: by GitHub's own token, by an AWS role, or by credentials of the build environment. */
function loginSteps({ options }: Plan): string {
  const host = options.registry.split('/')[0] ?? options.registry;
  if (/^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/.test(host)) {
    return `      - name: Log in to ECR
        env:
          ROLE: \${{ vars.AWS_ROLE_ARN }}
          REGISTRY: ${host}
          AWS_REGION: ${options.awsRegion}
        run: |
          curl --fail --silent --show-error -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
            "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" | jq -r .value > "$RUNNER_TEMP/oidc"
          export AWS_ROLE_ARN="$ROLE" AWS_WEB_IDENTITY_TOKEN_FILE="$RUNNER_TEMP/oidc"
          aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"`;
  }
  const github = host === 'ghcr.io';
  return `      - name: Log in to the registry
        uses: ${uses('docker/login-action')}
        with:
          registry: ${host}
          username: \${{ ${github ? 'github.actor' : 'vars.REGISTRY_USERNAME'} }}
          password: \${{ secrets.${github ? 'GITHUB_TOKEN' : 'REGISTRY_PASSWORD'} }}`;
}
