package live

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"ecsavvy/advisor/account"
)

// fill sets every field of a value, texts to where they stand.
func fill(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
				fill(v.Field(i), path+"."+f.Name)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		// The keys that are kept of the options of a log driver, and one that is not.
		for _, key := range []string{"awslogs-group", "awslogs-region", "mode", "splunk-token"} {
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), reflect.ValueOf("SECRET:"+path+"."+key).Convert(v.Type().Elem()))
		}
	case reflect.String:
		v.SetString("SECRET:" + path)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	case reflect.Interface: // a union of ECS: GPU sharing, of which nothing is kept
	default:
		panic(fmt.Sprintf("%s: a %s", path, v.Kind()))
	}
}

// A secret in every text of a task definition: what is kept are names, sizes and tags
// alone, these and no others.
func TestNoFieldLetsSecretsThrough(t *testing.T) {
	var out ecs.DescribeTaskDefinitionOutput
	fill(reflect.ValueOf(&out).Elem(), "")
	var file bytes.Buffer
	w := account.NewWriter(&file, account.WriterOptions{})
	scope := account.Scope{Account: ownID, Region: ireland}
	a := newAsker(scope, hurried(), w)
	a.keep(scope, "ecs:DescribeTaskDefinition", lowerShape(&out))
	if err := w.Close(account.Manifest{Scopes: []account.Scope{scope}}); err != nil || len(a.failures) > 0 {
		t.Fatal(err, a.failures)
	}
	s, err := account.Open(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	replies, err := s.Replies(scope)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, m := range regexp.MustCompile(`SECRET:\.([A-Za-z.-]+)`).FindAllStringSubmatch(string(replies["ecs-describe-task-definition-00001.json"]), -1) {
		kept = append(kept, strings.TrimPrefix(m[1], "TaskDefinition."))
	}
	slices.Sort(kept)
	want := strings.Fields(`
		Compatibilities
		ContainerDefinitions.DependsOn.Condition
		ContainerDefinitions.DependsOn.ContainerName
		ContainerDefinitions.FirelensConfiguration.Type
		ContainerDefinitions.Image
		ContainerDefinitions.LinuxParameters.Devices.HostPath
		ContainerDefinitions.LogConfiguration.LogDriver
		ContainerDefinitions.LogConfiguration.Options.awslogs-group
		ContainerDefinitions.LogConfiguration.Options.awslogs-region
		ContainerDefinitions.LogConfiguration.Options.mode
		ContainerDefinitions.Name
		ContainerDefinitions.PortMappings.Protocol
		ContainerDefinitions.ResourceRequirements.Type
		ContainerDefinitions.ResourceRequirements.Value
		Cpu
		Family
		InferenceAccelerators.DeviceName
		InferenceAccelerators.DeviceType
		IpcMode
		Memory
		NetworkMode
		PidMode
		PlacementConstraints.Expression
		PlacementConstraints.Type
		RequiresCompatibilities
		RuntimePlatform.CpuArchitecture
		RuntimePlatform.OperatingSystemFamily
		Status
		Tags.Key
		Tags.Value
		TaskDefinitionArn
		Volumes.EfsVolumeConfiguration.FileSystemId
		Volumes.FsxWindowsFileServerVolumeConfiguration.FileSystemId
		Volumes.Name`)
	if !slices.Equal(kept, want) {
		t.Errorf("got  %q\nwant %q", kept, want)
	}
	if bytes.Contains(file.Bytes(), []byte("SECRET")) {
		t.Error("a secret stands in the file uncompressed")
	}
}

// Names in the file are those of the AWS CLI.
func TestShape(t *testing.T) {
	got := lowerShape(&ecs.DescribeServicesOutput{Services: []types.Service{{
		ServiceName: new(string), LaunchType: types.LaunchTypeFargate, DesiredCount: 0, EnableECSManagedTags: true,
	}}})
	services := got.(map[string]any)["services"].([]any)[0].(map[string]any)
	for name, want := range map[string]any{"serviceName": "", "launchType": types.LaunchTypeFargate, "desiredCount": int32(0), "enableECSManagedTags": true, "platformVersion": nil} {
		if services[name] != want {
			t.Errorf("%s: got %v, want %v", name, services[name], want)
		}
	}
}
