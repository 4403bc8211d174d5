/** `terraform/`: registry, artefacts, remote state and the role of the build, for Terraform ≥ 1.11 and OpenTofu alike. */
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { textFile } from '../file.ts';
import type { Plan } from '../plan.ts';
import { bucketModule } from './bucket.ts';
import { keyModule } from './key.ts';
import { registryModule } from './registry.ts';
import { releaseRoleModule } from './release-role.ts';
import { stateRoot, systemRoot } from './roots.ts';

export function terraformFiles(plan: Plan): ExportFile[] {
  const module = (name: string, parts: Record<string, string>) =>
    Object.entries({ ...parts, versions: versions }).map(([part, text]) =>
      textFile(`terraform/modules/${name}/${part}.tf`, text),
    );
  const root = (name: string, parts: Record<string, string>) =>
    Object.entries({ ...parts, versions }).map(([part, text]) => textFile(`terraform/${name}/${part}.tf`, text));
  return [
    ...module('key', keyModule),
    ...module('bucket', bucketModule),
    ...module('registry', registryModule),
    ...module('release-role', releaseRoleModule),
    ...root('state', stateRoot(plan)),
    ...root('system', systemRoot(plan)),
    textFile('terraform/README.md', readme(plan)),
  ];
}

const versions = `
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}
`;

function readme({ options }: Plan): string {
  return `
# Infrastructure

Two roots, because state cannot be kept in a bucket that it has yet to make:

1. \`state/\`: the bucket and lock table of the remote state. Apply it once with local state, then keep that state safe.
2. \`system/\`: registry, artefact bucket and the role that the release workflow of \`${options.repository}\` assumes.

\`\`\`sh
terraform -chdir=state init && terraform -chdir=state apply
terraform -chdir=system init -backend-config="bucket=$(terraform -chdir=state output -raw bucket)" && terraform -chdir=system apply
\`\`\`

Both run with OpenTofu (\`tofu\`) unchanged. Commit the \`.terraform.lock.hcl\` that \`init\` writes: it needs the provider
registry, so the export cannot make it. State is locked by S3 itself (\`use_lockfile\`) and by the DynamoDB table, which
is deprecated; drop \`dynamodb_table\` once no older Terraform is in use.
`;
}
