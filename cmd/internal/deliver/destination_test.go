package deliver

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	const secret = "T0SECRET/B0SECRET/XYZSECRET"
	for _, tt := range []struct {
		in, wantErr string
		kind        Kind
	}{
		{in: "-", kind: Stdout},
		{in: "reports/", kind: Path},
		{in: "out/{period}.html", kind: Path},
		{in: "file:///var/lib/ecsavvy", kind: Path},
		{in: `C:\reports`, kind: Path},
		{in: "./a:b.html", kind: Path},
		{in: "s3://bucket", kind: S3},
		{in: "s3://bucket/a/b/?sse=aws:kms&kms-key=alias/x&region=eu-west-1", kind: S3},
		{in: "sns:arn:aws:sns:eu-west-1:111122223333:finops", kind: SNS},
		{in: "sns:arn:aws:sns:eu-west-1:111122223333:finops.fifo", kind: SNS},
		{in: "slack:env:SLACK_WEBHOOK", kind: Slack},
		{in: "teams:ssm:/ecsavvy/teams", kind: Teams},
		{in: "slack:secretsmanager:arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-AbCdEf#url", kind: Slack},
		{in: "mailto:a@example.com,b@example.com?from=r+x@example.com&region=eu-west-1", kind: Mail},
		{in: "smtp://mail.example.com?from=r@example.com&to=a@example.com&user=r&password=env:SMTP_PASSWORD", kind: SMTP},

		{in: "", wantErr: "an empty destination: " + wanted},
		{in: "a\nb", wantErr: "a destination has a control character: " + wanted},
		{in: "file:", wantErr: "the file destination: a file: destination: the path is missing"},
		{in: "file://host/path", wantErr: "a file: destination: want file:PATH or file:///PATH"},
		{in: "https://hooks.slack.com/services/" + secret, wantErr: `the destination's scheme "https:" is not known: ` + wanted},
		{in: "slack:https://hooks.slack.com/services/" + secret, wantErr: "the slack destination: " + wantReference},
		{in: "slack:env:https://hooks.slack.com/services/" + secret, wantErr: "the slack destination: " + wantReference},
		{in: "slack:", wantErr: "the slack destination: " + wantReference},
		{in: "teams:ssm:name", wantErr: "the teams destination: ssm: the parameter's path begins with a slash; " + wantReference},
		{in: "s3:bucket", wantErr: "the s3 destination: " + wantS3},
		{in: "s3://b/../x", wantErr: "the s3 destination: " + wantS3},
		{in: "s3://bucket?acl=public", wantErr: "the s3 destination: a setting behind '?' is not known: want one of region, sse, kms-key"},
		{in: "s3://bucket?sse=none", wantErr: `the s3 destination: the encryption "none" with key "": ` + wantS3},
		{in: "s3://bucket?region=a&region=b", wantErr: `the s3 destination: the setting "region" stands twice`},
		{in: "sns:finops", wantErr: "the sns destination: want sns:arn:aws:sns:REGION:ACCOUNT:TOPIC"},
		{in: "mailto:a@example.com", wantErr: "the mailto destination: " + errNoSender.Error()},
		{in: "mailto:nobody?from=a@example.com", wantErr: `the mailto destination: the recipients "nobody": want addresses, with commas between them`},
		{in: "mailto:a@example.com?from=a@example.com%0D%0ABcc:x@example.com", wantErr: `the mailto destination: the setting "from": want from=VALUE, with %XX for what is not plain`},
		{in: "mailto:a@example.com%0D%0ABcc:x@example.com?from=a@example.com", wantErr: `the mailto destination: the recipients "a@example.com\r\nBcc:x@example.com": want addresses, with commas between them`},
		{in: "smtp://r:" + secret + "@mail.example.com?from=a@example.com&to=b@example.com", wantErr: "the smtp destination: name and password stand behind '?', the password as a reference: " + wantSMTP},
		{in: "smtp://h?from=a@example.com&to=b@example.com&user=x&password=" + secret, wantErr: "the smtp destination: password: " + wantReference},
		{in: "smtp://h?from=a@example.com&to=b@example.com&user=x&pass=" + secret, wantErr: "the smtp destination: a setting behind '?' is not known: want one of from, to, user, password, starttls"},
		{in: "smtp://h?from=a@example.com&to=b@example.com&user=x", wantErr: "the smtp destination: user and password go together: " + wantSMTP},
		{in: "smtp://h?from=a@example.com&to=b@example.com&user=x&password=env:P&starttls=no", wantErr: "the smtp destination: a password is not sent without TLS: leave starttls=no or user out"},
	} {
		got, err := Parse(tt.in)
		switch {
		case err == nil && tt.wantErr != "", err != nil && err.Error() != tt.wantErr:
			t.Errorf("%q: error\n got %v\nwant %s", tt.in, err, tt.wantErr)
		case err == nil && (got.Kind() != tt.kind || got.String() != tt.in):
			t.Errorf("%q is %s of kind %q, want %q", tt.in, got, got.Kind(), tt.kind)
		case err != nil && strings.Contains(err.Error(), "SECRET"):
			t.Errorf("%q: the error repeats the secret: %v", tt.in, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("s3://bucket/prefix?region=eu-west-1")
	f.Add("smtp://h:25?from=a@b.c&to=d@e.f&starttls=no")
	f.Add("slack:secretsmanager:x#y")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err == nil && (d.String() != text || d.channel == nil) {
			t.Errorf("%q became %q", text, d)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("%q: the error has more than one line: %q", text, err)
		}
	})
}
