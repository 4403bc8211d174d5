/** The role of the release workflow, by OIDC: no key is ever stored at GitHub. */
export const releaseRoleModule = {
  main: `
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "ReleaseWorkflow"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:\${var.repository}:environment:build"]
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = "Release workflow of \${var.repository}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
}

data "aws_iam_policy_document" "push" {
  # checkov:skip=CKV_AWS_356:GetAuthorizationToken knows no resource but *
  statement {
    sid       = "LogIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "PushImages"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [var.registry_arn]
  }

  statement {
    sid       = "StoreArtefacts"
    actions   = ["s3:PutObject"]
    resources = ["\${var.artefacts_arn}/*"]
  }

  statement {
    sid       = "Encrypt"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}

resource "aws_iam_role_policy" "push" {
  name   = "push"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.push.json
}
`,
  variables: `
variable "name" {
  description = "Name of the role"
  type        = string
}

variable "repository" {
  description = "GitHub repository, owner/name"
  type        = string
}

variable "registry_arn" {
  description = "Repository that images are pushed to"
  type        = string
}

variable "artefacts_arn" {
  description = "Bucket that artefacts are stored in"
  type        = string
}

variable "key_arn" {
  description = "KMS key of both"
  type        = string
}
`,
  outputs: `
output "arn" {
  description = "Value of the variable AWS_ROLE_ARN of the environment build at GitHub"
  value       = aws_iam_role.this.arn
}
`,
};
