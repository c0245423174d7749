package intake

import (
	"maps"
	"strings"
	"testing"
)

func TestParseParameters(t *testing.T) {
	tests := []struct {
		name, in string
		want     map[string]string
		wantErr  string
	}{
		{name: "list of keys and values", in: `[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": ""}, {"ParameterKey": "C", "UsePreviousValue": true}]`,
			want: map[string]string{"A": "1", "B": ""}},
		{name: "list of texts", in: `["A=1", "B=x=y", "C="]`, want: map[string]string{"A": "1", "B": "x=y", "C": ""}},
		{name: "CodePipeline", in: `{"Parameters": {"A": 1, "B": ["x", "y"], "C": true}, "Tags": {"t": "v"}}`, want: map[string]string{"A": "1", "B": "x,y", "C": "true"}},
		{name: "plain mapping in YAML", in: "A: 1\nB: text\n", want: map[string]string{"A": "1", "B": "text"}},
		{name: "empty list", in: `[]`, want: map[string]string{}},

		{name: "empty file", in: ` `, wantErr: "p.json: the file is empty; want a task definition or a design file"},
		{name: "text without =", in: `["canary"]`, wantErr: "p.json: [0]: want Key=Value, got a text without ="},
		{name: "no key", in: `[{"ParameterValue": "canary"}]`, wantErr: `p.json: [0]: want {"ParameterKey": …, "ParameterValue": …} or "Key=Value", got a mapping`},
		{name: "no value", in: `[{"ParameterKey": "A"}]`, wantErr: "p.json: [0].ParameterValue: want a text, got nothing"},
		{name: "twice", in: `["A=1", "A=canary"]`, wantErr: `p.json: [1]: the parameter "A" is there twice`},
		{name: "mapping as a value", in: `{"Parameters": {"A": {"x": "canary"}}}`, wantErr: "p.json: Parameters.A: want a text, got a mapping"},
		{name: "list in a list", in: `{"Parameters": {"A": [["canary"]]}}`, wantErr: "p.json: Parameters.A: want a list of texts, got a list in it"},
		{name: "number", in: `3`, wantErr: "p.json:1:1: want a mapping of parameters to values, got a number"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseParameters("p.json", []byte(test.in))
			if test.wantErr != "" {
				if err == nil || err.Error() != test.wantErr {
					t.Errorf("got  %v\nwant %s", err, test.wantErr)
				}
				return
			}
			if err != nil || !maps.Equal(got, test.want) {
				t.Errorf("got %v, %v; want %v", got, err, test.want)
			}
		})
	}
}

func TestTemplateParameters(t *testing.T) {
	const template = `
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Token: {Type: String, NoEcho: true, AllowedValues: [x]}
  Count: {Type: Number, Default: 2}
Resources:
  Api: {Type: AWS::ECS::Service, Properties: {DesiredCount: !Ref Count, ServiceName: !Sub "${AWS::StackName}-${Env}"}}
`
	read := func(parameters map[string]string) (string, error) {
		w, err := Read("template.yaml", []byte(template), Options{Parameters: parameters})
		if err != nil {
			return "", err
		}
		return w.Services[0].Name + " × " + amountText(w.Services[0].Count.Fixed), nil
	}
	tests := []struct {
		name          string
		in            map[string]string
		want, wantErr string
	}{
		{name: "defaults", want: "Api × 2"},
		{name: "given", in: map[string]string{"Env": "prod", "AWS::StackName": "shop", "Count": "5"}, want: "shop-prod × 5"},
		{name: "not allowed", in: map[string]string{"Env": "test"}, wantErr: `template.yaml:3:8: Parameters.Env: want one of dev, prod, got "test"`},
		{name: "secret not allowed", in: map[string]string{"Token": "canary"}, wantErr: `template.yaml:4:10: Parameters.Token: want one of x, got another value`},
		{name: "not there", in: map[string]string{"Cuont": "3"}, wantErr: `template.yaml: no template has a parameter "Cuont"; did you mean "Count"?`},
		{name: "no number", in: map[string]string{"Count": "many"}, wantErr: `template.yaml:5:10: Resources.Api.Properties.DesiredCount: want a number, 0 or more, got "many"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := read(test.in)
			if test.wantErr != "" {
				if err == nil || err.Error() != test.wantErr || strings.Contains(err.Error(), "canary") {
					t.Errorf("got  %v\nwant %s", err, test.wantErr)
				}
				return
			}
			if err != nil || got != test.want {
				t.Errorf("got %s, %v; want %s", got, err, test.want)
			}
		})
	}
}
