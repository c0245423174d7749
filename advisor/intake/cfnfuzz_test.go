package intake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzCloudFormation holds the reader to two things whatever it is handed: it
// returns, with a workload or an error of this package, and the same bytes give
// the same result.
func FuzzCloudFormation(f *testing.F) {
	f.Add([]byte(evalTemplate))
	f.Add([]byte("Resources:" + tinyTask + "\n  Api: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task}}\n"))
	f.Add([]byte(`{"Resources": {"A": {"Type": "AWS::ECS::Service", "Properties": {"DesiredCount": {"Fn::If": ["C", 1, {"Ref": "AWS::NoValue"}]}}}}, "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}}, "Parameters": {"P": {"Type": "String"}}}`))
	f.Add([]byte("Resources:\n  Fn::ForEach::L: [I, [a, b], {\"S${I}\": {Type: AWS::ECS::Service}}]\n"))
	f.Add([]byte(secretTemplate))
	for _, pattern := range []string{"../../fixtures/cases/*/template.*", "../../../shared/cases/cfn/*.*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		opts := Options{Kind: CloudFormation, Region: "us-east-1"}
		w, err := Read("template", data, opts)
		var one *Error
		var many Errors
		if err != nil && !errors.As(err, &one) && !errors.As(err, &many) {
			t.Fatalf("an error of another package: %v", err)
		}
		again, errAgain := Read("template", data, opts)
		if diff := cmp.Diff(w, again); diff != "" || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Fatalf("read twice, two results: %s, %v, %v", diff, err, errAgain)
		}
	})
}
