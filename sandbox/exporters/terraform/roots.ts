import type { Plan } from '../plan.ts';

const provider = (region: string, part: string) => `
provider "aws" {
  region = "${region}"

  default_tags {
    tags = {
      Project   = "orrery"
      Part      = "${part}"
      ManagedBy = "terraform"
    }
  }
}
`;

/** Bucket names are unique in the world: the account number makes ours so. */
const bucketName = (what: string) => `"${what}-\${data.aws_caller_identity.current.account_id}"`;

export function stateRoot({ options }: Plan): Record<string, string> {
  return {
    main: `
data "aws_caller_identity" "current" {}

module "key" {
  source = "../modules/key"

  description = "Terraform state of orrery"
}

module "state" {
  source = "../modules/bucket"

  name    = ${bucketName(`${options.namespace}-state`)}
  key_arn = module.key.arn
}

resource "aws_dynamodb_table" "lock" {
  name                        = "${options.namespace}-state-lock"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "LockID"
  deletion_protection_enabled = true

  attribute {
    name = "LockID"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = module.key.arn
  }
}
`,
    provider: provider(options.awsRegion, 'state'),
    outputs: `
output "bucket" {
  description = "Given to system: terraform init -backend-config=bucket=…"
  value       = module.state.name
}
`,
  };
}

export function systemRoot({ options }: Plan): Record<string, string> {
  return {
    main: `
data "aws_caller_identity" "current" {}

module "key" {
  source = "../modules/key"

  description = "Images and artefacts of orrery"
}

module "registry" {
  source = "../modules/registry"

  name    = "${options.namespace}/orrery"
  key_arn = module.key.arn
}

module "artefacts" {
  source = "../modules/bucket"

  name    = ${bucketName(`${options.namespace}-artefacts`)}
  key_arn = module.key.arn
}

module "release_role" {
  source = "../modules/release-role"

  name          = "${options.namespace}-release"
  repository    = "${options.repository}"
  registry_arn  = module.registry.arn
  artefacts_arn = module.artefacts.arn
  key_arn       = module.key.arn
}
`,
    backend: `
terraform {
  backend "s3" {
    # bucket comes from the output of state: -backend-config=bucket=…
    key            = "system.tfstate"
    region         = "${options.awsRegion}"
    encrypt        = true
    use_lockfile   = true
    dynamodb_table = "${options.namespace}-state-lock"
  }
}
`,
    provider: provider(options.awsRegion, 'system'),
    outputs: `
output "registry" {
  description = "Where images go"
  value       = module.registry.url
}

output "release_role" {
  description = "Variable AWS_ROLE_ARN of the environment build at GitHub"
  value       = module.release_role.arn
}
`,
  };
}
