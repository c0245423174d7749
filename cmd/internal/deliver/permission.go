package deliver

// Permissions are the IAM actions that a destination needs, sorted; none for
// those that are not AWS's. A customer's own KMS key needs kms:GenerateDataKey
// to write, kms:Decrypt to read a secret.
// Source: docs.aws.amazon.com/service-authorization/latest/reference; for SES,
// SendEmail of version 2 with a raw message is checked as ses:SendRawEmail:
// repost.aws/knowledge-center/amazon-ses-send-email-unauthorized-error.
func (d Destination) Permissions() []string {
	switch c := d.channel.(type) {
	case s3Channel:
		return []string{"s3:PutObject"}
	case snsChannel:
		return []string{"sns:Publish"}
	case sesChannel:
		return []string{"ses:SendEmail", "ses:SendRawEmail"}
	case slackChannel:
		return c.webhook.permissions()
	case teamsChannel:
		return c.webhook.permissions()
	case smtpChannel:
		return c.password.permissions()
	}
	return nil
}

func (r Reference) permissions() []string {
	switch r.store {
	case "ssm":
		return []string{"ssm:GetParameter"}
	case "secretsmanager":
		return []string{"secretsmanager:GetSecretValue"}
	}
	return nil
}
