//go:build e2e

package live

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	aas "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/intake"
)

// motoServices is how many the test creates: more than a page and a batch.
const motoServices = 23

// motoEnvironment leads the SDK's own chain to the server that `make e2e` starts, by
// AWS_ENDPOINT_URL alone.
func motoEnvironment(t *testing.T) {
	t.Helper()
	url := os.Getenv("ECSAVVY_MOTO")
	if url == "" {
		t.Fatal("ECSAVVY_MOTO is not set: `make e2e` starts moto and runs this")
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": ireland,
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(name, value)
	}
}

// must ends a test whose preparation failed.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// createShop makes a cluster of services behind a load balancer, with a NAT gateway.
func createShop(t *testing.T, cfg aws.Config) {
	ctx := context.Background()
	network, containers, balancers := ec2.NewFromConfig(cfg), ecs.NewFromConfig(cfg), elasticloadbalancingv2.NewFromConfig(cfg)
	subnets := must(network.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{}))(t).Subnets
	ids := []string{*subnets[0].SubnetId, *subnets[1].SubnetId}
	security := must(network.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{}))(t).SecurityGroups[0]
	address := must(network.AllocateAddress(ctx, &ec2.AllocateAddressInput{}))(t)
	must(network.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: &ids[0], AllocationId: address.AllocationId}))(t)
	lb := must(balancers.CreateLoadBalancer(ctx, &elasticloadbalancingv2.CreateLoadBalancerInput{Name: aws.String("web"), Subnets: ids}))(t).LoadBalancers[0]
	group := must(balancers.CreateTargetGroup(ctx, &elasticloadbalancingv2.CreateTargetGroupInput{
		Name: aws.String("web"), Protocol: elb.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: subnets[0].VpcId, TargetType: elb.TargetTypeEnumIp,
	}))(t).TargetGroups[0]
	must(balancers.CreateListener(ctx, &elasticloadbalancingv2.CreateListenerInput{
		LoadBalancerArn: lb.LoadBalancerArn, Protocol: elb.ProtocolEnumHttp, Port: aws.Int32(80),
		DefaultActions: []elb.Action{{Type: elb.ActionTypeEnumForward, TargetGroupArn: group.TargetGroupArn}},
	}))(t)
	must(cloudwatchlogs.NewFromConfig(cfg).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/ecs/shop")}))(t)
	must(containers.CreateCluster(ctx, &ecs.CreateClusterInput{
		ClusterName: aws.String("shop"), Settings: []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String("enabled")}},
	}))(t)
	must(containers.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("api"), Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate},
		ContainerDefinitions: []types.ContainerDefinition{{
			Name: aws.String("app"), Image: aws.String("nginx"), Essential: aws.Bool(true),
			Environment: []types.KeyValuePair{{Name: aws.String("PASSWORD"), Value: aws.String("hunter2")}},
			LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
				"awslogs-group": "/ecs/shop", "awslogs-region": ireland, "awslogs-stream-prefix": "app"}},
		}},
	}))(t)
	for i := range motoServices {
		in := &ecs.CreateServiceInput{
			Cluster: aws.String("shop"), ServiceName: aws.String(fmt.Sprintf("api-%02d", i)), TaskDefinition: aws.String("api"), DesiredCount: aws.Int32(2),
			LaunchType:           types.LaunchTypeFargate,
			NetworkConfiguration: &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: ids, SecurityGroups: []string{*security.GroupId}}},
		}
		if i == 0 {
			in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: group.TargetGroupArn, ContainerName: aws.String("app"), ContainerPort: aws.Int32(80)}}
		}
		must(containers.CreateService(ctx, in))(t)
	}
	must(applicationautoscaling.NewFromConfig(cfg).RegisterScalableTarget(ctx, &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace: aas.ServiceNamespaceEcs, ResourceId: aws.String("service/shop/api-00"), ScalableDimension: aas.ScalableDimensionECSServiceDesiredCount,
		MinCapacity: aws.Int32(1), MaxCapacity: aws.Int32(6),
	}))(t)
}

// An account in moto, read over the SDK's own chain of configuration into a snapshot,
// reads as the workload that was created. What moto does not have is named.
func TestMoto(t *testing.T) {
	motoEnvironment(t)
	ctx := context.Background()
	cfg := must(loadProfile(ctx, ""))(t)
	createShop(t, cfg)
	patience := Patience{Failed: 1, Longest: time.Millisecond, Timeout: 20 * time.Second}
	targets, failures, err := Targets(ctx, Reach{Patience: patience})
	if err != nil || len(failures) > 0 || len(targets) != 1 || targets[0].Account != "123456789012" {
		t.Fatalf("%+v, %+v, %v", targets, failures, err)
	}
	var file bytes.Buffer
	w := account.NewWriter(&file, account.WriterOptions{Redact: true})
	found, failures, err := Inventories(ctx, targets, InventoryOptions{Patience: patience}, w)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(account.Manifest{Scopes: []account.Scope{targets[0].Scope}, Failures: failures}); err != nil {
		t.Fatal(err)
	}
	if len(failures) != 1 || failures[0].Call != "savingsplans:DescribeSavingsPlans" { // moto has none
		t.Errorf("%+v", failures)
	}
	kinds := make(map[string]int)
	for _, s := range found[0].Subjects {
		kinds[s.Kind]++
	}
	if got, want := fmt.Sprint(kinds), "map[load-balancer:1 log-group:2 nat-gateway:1 service:23]"; got != want {
		t.Errorf("subjects: got %s, want %s", got, want)
	}
	snapshot := must(account.Open(bytes.NewReader(file.Bytes()), int64(file.Len())))(t)
	replies := must(snapshot.Replies(snapshot.Scopes()[0]))(t)
	for name, reply := range replies {
		if bytes.Contains(reply, []byte("hunter2")) || bytes.Contains(reply, []byte("123456789012")) {
			t.Errorf("%s: %s", name, reply)
		}
	}
	workload := must(intake.ReadDescriptions(replies, intake.Options{}))(t)
	if len(workload.Services) != motoServices || len(workload.LoadBalancers) != 1 {
		t.Fatalf("%d services, %d load balancers", len(workload.Services), len(workload.LoadBalancers))
	}
	for i := range workload.Services {
		s := &workload.Services[i]
		if s.Task.CPU.Value != 0.25 || s.Task.Memory.Value != 0.5 || !strings.HasPrefix(s.Name, "api-") {
			t.Errorf("%s: %v vCPU, %v GB", s.Name, s.Task.CPU, s.Task.Memory)
		}
	}
}

// A region that moto does not know is named before anything is read.
func TestMotoNamesRegion(t *testing.T) {
	motoEnvironment(t)
	_, _, err := Targets(context.Background(), Reach{Regions: []string{"eu-nowhere-1"}})
	if err == nil || err.Error() != `no region "eu-nowhere-1" in AWS; want one such as eu-west-1` {
		t.Error(err)
	}
}
