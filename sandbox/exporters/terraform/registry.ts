/** The image repository: a tag is written once, every push is scanned, old images go. */
export const registryModule = {
  main: `
resource "aws_ecr_repository" "this" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.key_arn
  }

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Untagged images go after a week"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = 7
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "The last 100 images are kept"
        selection = {
          tagStatus   = "any"
          countType   = "imageCountMoreThan"
          countNumber = 100
        }
        action = { type = "expire" }
      },
    ]
  })
}
`,
  variables: `
variable "name" {
  description = "Name of the repository"
  type        = string
}

variable "key_arn" {
  description = "KMS key that encrypts the images"
  type        = string
}
`,
  outputs: `
output "arn" {
  description = "ARN of the repository"
  value       = aws_ecr_repository.this.arn
}

output "url" {
  description = "What the export's option registry is set to, with /orrery behind it"
  value       = aws_ecr_repository.this.repository_url
}
`,
};
