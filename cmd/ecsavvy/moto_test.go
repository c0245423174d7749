//go:build e2e

package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"ecsavvy/advisor/live"
)

// TestMotoAdvice reads a service and its measurements from moto, which speaks
// CloudWatch's Query protocol only, and is advised to stop it. moto calls every launch
// type EC2, so sizes of Fargate are not looked for.
func TestMotoAdvice(t *testing.T) {
	url := os.Getenv("ECSAVVY_MOTO")
	if url == "" {
		t.Fatal("ECSAVVY_MOTO is not set: `make e2e` starts moto and runs this")
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-central-1",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(name, value)
	}
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(err)
	containers := ecs.NewFromConfig(cfg)
	_, err = containers.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: aws.String("pay")})
	check(err)
	_, err = containers.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("ledger"), Cpu: aws.String("2048"), Memory: aws.String("8192"), NetworkMode: types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate},
		ContainerDefinitions:    []types.ContainerDefinition{{Name: aws.String("app"), Image: aws.String("nginx"), Essential: aws.Bool(true)}},
	})
	check(err)
	_, err = containers.CreateService(ctx, &ecs.CreateServiceInput{
		Cluster: aws.String("pay"), ServiceName: aws.String("ledger"), TaskDefinition: aws.String("ledger"), DesiredCount: aws.Int32(2),
		LaunchType: types.LaunchTypeFargate,
	})
	check(err)
	client, err := live.CloudWatch(cfg, live.ProtocolQuery)
	check(err)
	to := time.Now().UTC().Truncate(time.Hour)
	for from := to.Add(-96 * time.Hour); from.Before(to); from = from.Add(10 * time.Hour) {
		var data []cwtypes.MetricDatum
		for at := from; at.Before(from.Add(10*time.Hour)) && at.Before(to); at = at.Add(5 * time.Minute) {
			day := math.Sin(float64(at.Hour()) / 24 * math.Pi)
			for name, value := range map[string]float64{"CPUUtilization": 0.1 + 0.1*day, "MemoryUtilization": 10} {
				for range 2 { // a sample of each task
					data = append(data, cwtypes.MetricDatum{
						MetricName: aws.String(name), Timestamp: aws.Time(at), Value: aws.Float64(value),
						Dimensions: []cwtypes.Dimension{{Name: aws.String("ClusterName"), Value: aws.String("pay")}, {Name: aws.String("ServiceName"), Value: aws.String("ledger")}},
					})
				}
			}
		}
		_, err := client.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("AWS/ECS"), MetricData: data})
		check(err)
	}
	file := filepath.Join(t.TempDir(), "pay.snapshot")
	command := func(args ...string) (int, string, string) {
		d, stdout, stderr := testDeps()
		d.files, d.now = systemDeps().files, time.Now
		d.patience = live.Patience{Throttled: 3, Failed: 2, Longest: time.Millisecond, Timeout: 20 * time.Second}
		code := run(args, d)
		return code, stdout.String(), stderr.String()
	}
	code, stdout, stderr := command("snapshot", file, "--lookback", "96h", "--cloudwatch-protocol", "query")
	if code != 5 || !strings.Contains(stderr, "savingsplans:DescribeSavingsPlans") { // which moto does not have
		t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, stderr = command("advise", "--from", file, "--only", "idle")
	if code != 5 || !strings.Contains(stdout, "ledger (pay)") || !strings.Contains(stdout, "stop it") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}
