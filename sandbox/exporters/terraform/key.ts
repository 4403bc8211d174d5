/** A KMS key of our own, rotated yearly; use is granted by IAM policies of the account. */
export const keyModule = {
  main: `
data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "AccountAdministers"
    actions   = ["kms:*"]
    resources = ["arn:\${data.aws_partition.current.partition}:kms:*:\${data.aws_caller_identity.current.account_id}:key/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:\${data.aws_partition.current.partition}:iam::\${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "this" {
  description             = var.description
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json
}
`,
  variables: `
variable "description" {
  description = "What the key protects"
  type        = string
}
`,
  outputs: `
output "arn" {
  description = "ARN of the key"
  value       = aws_kms_key.this.arn
}
`,
};
