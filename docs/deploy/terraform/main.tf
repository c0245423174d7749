# ecsavvy report as a scheduled Fargate task: what docs/deploy/cloudformation.yaml makes.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.60" }
  }
}

variable "image" {
  type        = string
  description = "The image that docs/deploy/Dockerfile makes, in a repository of Amazon ECR in this account and region."
}

variable "repository_name" {
  type        = string
  default     = "ecsavvy"
  description = "The ECR repository of the image."
}

variable "vpc_id" {
  type        = string
  description = "Where the task runs. It needs a way to AWS's endpoints."
}

variable "subnet_ids" {
  type        = list(string)
  description = "Public subnets with public_ip, or private ones with a NAT gateway or endpoints."
}

variable "public_ip" {
  type        = bool
  default     = true
  description = "A public address while the task runs costs 0.005 USD an hour; nothing can connect to it."
}

variable "regions" {
  type        = list(string)
  default     = ["eu-west-1"]
  description = "The regions to report on."
}

variable "schedule" {
  type        = string
  default     = "cron(0 6 ? * MON *)"
  description = "cron(0 6 ? * MON *) is weekly, cron(0 6 * * ? *) daily."
}

variable "time_zone" {
  type    = string
  default = "Etc/UTC"
}

variable "destinations" {
  type        = list(string)
  default     = []
  description = "Where else the report goes, such as slack:ssm:/ecsavvy/slack."
}

variable "mail_identity" {
  type        = string
  default     = ""
  description = "The identity of Amazon SES that mailto destinations send from; empty for no right to send."
}

variable "alert_email" {
  type        = string
  default     = ""
  description = "Who hears of a run that failed; empty for nobody but the subscribers of the topic."
}

data "aws_caller_identity" "this" {}
data "aws_region" "this" {}
data "aws_partition" "this" {}

locals {
  account = data.aws_caller_identity.this.account_id
  region  = data.aws_region.this.name
  arn     = "arn:${data.aws_partition.this.partition}"
}

resource "aws_s3_bucket" "reports" {
  bucket_prefix = "ecsavvy-reports-"
}

resource "aws_s3_bucket_public_access_block" "reports" {
  bucket                  = aws_s3_bucket.reports.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "tls_only" {
  bucket = aws_s3_bucket.reports.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.reports.arn, "${aws_s3_bucket.reports.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_cloudwatch_log_group" "report" {
  name              = "/ecsavvy/report"
  retention_in_days = 30
}

resource "aws_ecs_cluster" "report" {
  name = "ecsavvy"
  setting {
    name  = "containerInsights"
    value = "disabled" # a task of a minute needs no metrics
  }
}

resource "aws_ecs_task_definition" "report" {
  family                   = "ecsavvy-report"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  runtime_platform {
    cpu_architecture        = "ARM64"
    operating_system_family = "LINUX"
  }
  container_definitions = jsonencode([{
    name                   = "report"
    image                  = var.image
    essential              = true
    readonlyRootFilesystem = true
    user                   = "65532:65532"
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
    command = [
      "report",
      "--period-of", "week",
      "--region", join(",", var.regions),
      "--history", "s3://${aws_s3_bucket.reports.id}/history",
      "--to", join(",", concat(["s3://${aws_s3_bucket.reports.id}/reports"], var.destinations)),
    ]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.report.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "report"
      }
    }
  }])
}

resource "aws_iam_role" "task" {
  name_prefix = "ecsavvy-task-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "read" { # docs/iam-policy.json, ReadOneAccount
  role = aws_iam_role.task.id
  name = "read"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for s in jsondecode(file("${path.module}/../../iam-policy.json")).Statement : s if s.Sid == "ReadOneAccount"]
  })
}

resource "aws_iam_role_policy" "deliver" {
  role = aws_iam_role.task.id
  name = "deliver"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${aws_s3_bucket.reports.arn}/*"
      },
      {
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.reports.arn
      },
      { # of SecureStrings with the key alias/aws/ssm, which needs no right of its own
        Effect   = "Allow"
        Action   = "ssm:GetParameter"
        Resource = "${local.arn}:ssm:${local.region}:${local.account}:parameter/ecsavvy/*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "mail" {
  count = var.mail_identity == "" ? 0 : 1
  role  = aws_iam_role.task.id
  name  = "mail"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ses:SendEmail", "ses:SendRawEmail"]
      Resource = "${local.arn}:ses:${local.region}:${local.account}:identity/${var.mail_identity}"
    }]
  })
}

resource "aws_iam_role" "execution" {
  name_prefix        = "ecsavvy-execution-"
  assume_role_policy = aws_iam_role.task.assume_role_policy
}

resource "aws_iam_role_policy" "start" {
  role = aws_iam_role.execution.id
  name = "start"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = "${local.arn}:ecr:${local.region}:${local.account}:repository/${var.repository_name}"
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.report.arn}:*"
      },
    ]
  })
}

resource "aws_security_group" "outwards" {
  name_prefix = "ecsavvy-report-"
  description = "ecsavvy report connects outwards by TLS, and nothing connects to it"
  vpc_id      = var.vpc_id
  egress {
    description = "AWS and webhooks"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_scheduler_schedule" "run" {
  name                         = "ecsavvy-report"
  schedule_expression          = var.schedule
  schedule_expression_timezone = var.time_zone
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_ecs_cluster.report.arn
    role_arn = aws_iam_role.scheduler.arn
    retry_policy {
      maximum_retry_attempts       = 3
      maximum_event_age_in_seconds = 3600
    }
    dead_letter_config {
      arn = aws_sqs_queue.not_started.arn
    }
    ecs_parameters {
      task_definition_arn = aws_ecs_task_definition.report.arn
      task_count          = 1
      launch_type         = "FARGATE"
      network_configuration {
        subnets          = var.subnet_ids
        security_groups  = [aws_security_group.outwards.id]
        assign_public_ip = var.public_ip
      }
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name_prefix = "ecsavvy-scheduler-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "run" {
  role = aws_iam_role.scheduler.id
  name = "run"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = "${aws_ecs_task_definition.report.arn_without_revision}:*"
        Condition = { ArnEquals = { "ecs:cluster" = aws_ecs_cluster.report.arn } }
      },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = [aws_iam_role.task.arn, aws_iam_role.execution.arn]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
      {
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = aws_sqs_queue.not_started.arn
      },
    ]
  })
}

# A run that could not be started lies in the queue; one that failed is an event.
resource "aws_sqs_queue" "not_started" {
  name                      = "ecsavvy-report-not-started"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_cloudwatch_metric_alarm" "not_started" {
  alarm_name          = "ecsavvy-report-not-started"
  alarm_description   = "EventBridge Scheduler could not start ecsavvy report; the reason is in the message's attributes."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.not_started.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_event_rule" "failed" {
  name        = "ecsavvy-report-failed"
  description = "An ecsavvy report that ended with another code than 0, or never began."
  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn = [aws_ecs_cluster.report.arn]
      lastStatus = ["STOPPED"]
      "$or" = [
        { containers = { exitCode = [{ anything-but = [0] }] } },
        { stopCode = ["TaskFailedToStart"] },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.alerts.arn
}

resource "aws_sns_topic" "alerts" {
  name = "ecsavvy-report-alerts"
}

resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["cloudwatch.amazonaws.com", "events.amazonaws.com"] }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.alerts.arn
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_sns_topic_subscription" "mail" {
  count     = var.alert_email == "" ? 0 : 1
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = var.alert_email
}

output "bucket" {
  value = aws_s3_bucket.reports.id
}

output "alerts" {
  value = aws_sns_topic.alerts.arn
}
