package intake

import (
	"math"
	"testing"
)

func TestRunsPerDay(t *testing.T) {
	for _, test := range []struct {
		schedule string
		want     float64
		note     string
	}{
		{"rate(5 minutes)", 288, ""},
		{"rate(1 hour)", 24, ""},
		{"rate(7 days)", 1.0 / 7, ""},
		{"cron(0 2 * * ? *)", 1, ""},
		{"cron(0/15 * * * ? *)", 96, ""},
		{"cron(0 8,18 ? * MON-FRI *)", 2 * 5.0 / 7, ""},
		{"cron(0 0 ? * FRI-MON *)", 4.0 / 7, ""},
		{"cron(0 0 1 * ? *)", 12 / 365.25, ""},
		{"cron(0 0 L * ? *)", 12 / 365.25, ""},
		{"cron(0 0 ? * 2#1 *)", 12 / 365.25, ""},
		{"cron(0 0 1 JAN,JUL ? *)", 2 / 365.25, ""},
		{"cron(30 4 1-7 * ? *)", 84 / 365.25, ""},
		{"at(2027-01-01T00:00:00)", 0, "at(2027-01-01T00:00:00) happens once, not every month"},
		{"cron(0 2 * * ? 2027)", 0, `the schedule "cron(0 2 * * ? 2027)" is not understood: it is limited to the years 2027`},
		{"cron(0 2 * * ?)", 0, `the schedule "cron(0 2 * * ?)" is not understood: want 6 fields, got 5`},
		{"cron(61 2 * * ? *)", 0, `the schedule "cron(61 2 * * ? *)" is not understood: minutes: want 0 to 59, got "61"`},
		{"rate(0 minutes)", 0, `the schedule "rate(0 minutes)" is not understood; want rate(N minutes), hours or days`},
		{"every hour", 0, `the schedule "every hour" is neither rate(…) nor cron(…)`},
	} {
		got := runsPerDay(test.schedule)
		if got.Note != test.note || math.Abs(got.Value-test.want) > 1e-12 {
			t.Errorf("%s: got %+v, want %v %q", test.schedule, got, test.want, test.note)
		}
	}
}

func TestARNName(t *testing.T) {
	for arn, want := range map[string]string{
		"plain":                                                                         "plain",
		"arn:aws:ecs:r:1:cluster/main":                                                  "main",
		"arn:aws:ecs:r:1:service/main/api":                                              "api",
		"arn:aws:ecs:r:1:task-definition/api:7":                                         "api:7",
		"arn:aws:logs:r:1:log-group:/ecs/api:*":                                         "/ecs/api",
		"arn:aws:secretsmanager:r:1:secret:shop/db-AbCdEf":                              "shop/db-AbCdEf",
		"arn:aws:ssm:r:1:parameter/shop/flags":                                          "shop/flags",
		"arn:aws:ecr:r:1:repository/shop/api":                                           "shop/api",
		"arn:aws:elasticloadbalancing:r:1:loadbalancer/app/main/50dc":                   "main",
		"arn:aws:elasticloadbalancing:r:1:targetgroup/api/50dc":                         "api",
		"arn:aws:autoscaling:r:1:autoScalingGroup:0aa:autoScalingGroupName/ecs-general": "ecs-general",
		"arn:aws:s3:::bucket":                                                           "bucket",
	} {
		if got := arnName(arn); got != want {
			t.Errorf("%s: got %q, want %q", arn, got, want)
		}
	}
}

func TestRepositoryOf(t *testing.T) {
	for image, want := range map[string]string{
		"111122223333.dkr.ecr.eu-west-2.amazonaws.com/shop/api:1.2":       "shop/api",
		"111122223333.dkr.ecr.eu-west-2.amazonaws.com/shop/api@sha256:0a": "shop/api",
		"nginx":              "nginx",
		"localhost:5000/api": "localhost:5000/api",
	} {
		if got := repositoryOf(image); got != want {
			t.Errorf("%s: got %q, want %q", image, got, want)
		}
	}
}
