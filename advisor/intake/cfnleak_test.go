package intake

import (
	"fmt"
	"strings"
	"testing"
)

// secretTemplate has a canary wherever people keep secrets.
const secretTemplate = `
Parameters:
  Password: {Type: String, NoEcho: true, Default: canary}
Mappings: {Keys: {prod: {token: canary}}}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Sub "f-${Password}"
      Cpu: 256
      Memory: !Ref Password
      RequiresCompatibilities: [FARGATE]
      ContainerDefinitions:
      - Name: app
        Image: !Sub "{{resolve:ssm:/canary}}"
        Command: [run, --token, canary]
        EntryPoint: [canary]
        DockerLabels: {token: canary}
        HealthCheck: {Command: [curl, canary]}
        Environment: [{Name: A, Value: canary}, {Name: B, Value: !FindInMap [Keys, prod, token]}, {Name: canary, Value: !Sub "x${Password}"}]
        LogConfiguration: {LogDriver: splunk, Options: {splunk-token: canary}, SecretOptions: [{Name: t, ValueFrom: "arn:aws:ssm:eu-west-2:1:parameter/canary"}]}
        Secrets: [{Name: S, ValueFrom: "arn:aws:secretsmanager:eu-west-2:1:secret:canary"}]
  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task, DesiredCount: "{{resolve:secretsmanager:canary}}"}}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: canary, GenerateSecretString: {SecretStringTemplate: canary}}}
  Parameter: {Type: AWS::SSM::Parameter, Properties: {Value: canary}}
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        InstanceType: m7g.large
        UserData:
          Fn::Base64: |
            export TOKEN=canary
            echo ECS_CLUSTER=main canary >> /etc/ecs/ecs.config
  Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 1, LaunchTemplate: {LaunchTemplateId: !Ref Launch}}}
  Box: {Type: AWS::EC2::Instance, Properties: {InstanceType: t3.nano, UserData: !Base64 canary}}
`

func TestCloudFormationKeepsNoSecrets(t *testing.T) {
	w, err := Read("template.yaml", []byte(secretTemplate), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, dump := range []string{fmt.Sprintf("%+v", w), fmt.Sprintf("%#v", w)} {
		if i := strings.Index(dump, "canary"); i >= 0 {
			t.Errorf("a secret is in the workload: …%s…", dump[max(0, i-80):min(len(dump), i+40)])
		}
	}
	if len(w.Services) != 1 || !strings.Contains(w.Services[0].Task.Memory.Note, "parameter Password is a secret (NoEcho)") {
		t.Errorf("got %v", lines(w))
	}

	// Mistakes beside secrets, and in the place of secrets.
	for _, in := range []string{
		`{"Resources": {"T": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Name": "a", "Image": "a", "Memory": true, "Environment": [{"Name": "A", "Value": "canary"}]}]}}}}`,
		`{"Resources": {"T": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Name": "a", "Image": "a", "Environment": "canary", "Secrets": ["canary"]}]}}}}`,
		`{"Resources": {"T": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Name": "a", "Image": "a", "Environment": "canary", "Secrets": [{"ValueFrom": ["canary"]}]}]}}}}`,
	} {
		_, err := Read("template.json", []byte(in), Options{})
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("a secret is in the error: %v", err)
		}
	}
}
