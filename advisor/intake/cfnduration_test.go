package intake

import (
	"strings"
	"testing"
)

// TestRunDuration holds that the length of a run is what the template says for
// this tool, and unknown where it says nothing.
func TestRunDuration(t *testing.T) {
	const how = "how long a run lasts is not in the template"
	for _, tt := range []struct {
		metadata, params string
		seconds          float64
		note, wantErr    string
	}{
		{metadata: "{ecsavvy: {duration: 2m}}", seconds: 120},
		{metadata: "{ecsavvy: {duration: 1h30m}}", seconds: 5400},
		{metadata: "{ecsavvy: {duration: !Ref Length}}", params: "45s", seconds: 45},
		{metadata: "{ecsavvy: {duration: !Ref Length}}", note: "parameter Length has no default (--parameter Length=…)"},
		{metadata: "{ecsavvy: {duration: !Ref AWS::NoValue}}", note: how},
		{metadata: "{ecsavvy: {}}", note: how},
		{metadata: "{other: {duration: 2m}}", note: how},
		{metadata: "[]", note: how},
		{metadata: "{ecsavvy: {duration: soon}}", wantErr: `template.yaml:8:54: Resources.Often.Metadata.ecsavvy.duration: want a duration such as 45s, 10m or 1h30m, got "soon"`},
		{metadata: "{ecsavvy: {duration: [2m]}}", wantErr: `template.yaml:8:54: Resources.Often.Metadata.ecsavvy.duration: want a text, got a list`},
	} {
		t.Run(tt.metadata, func(t *testing.T) {
			opts := Options{Region: "eu-west-2"}
			if tt.params != "" {
				opts.Parameters = map[string]string{"Length": tt.params}
			}
			for _, kind := range []string{
				"Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 hour), Target: {Arn: c, EcsParameters: {TaskDefinitionArn: !Ref Task}}}",
				"Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 hour), Targets: [{Arn: c, EcsParameters: {TaskDefinitionArn: !Ref Task}}]}",
			} {
				text := "Parameters:\n  Length: {Type: String}\nResources:" + tinyTask + "\n  Often: {Metadata: " + tt.metadata + ", " + kind + "}\n"
				w, err := Read("template.yaml", []byte(text), opts)
				if err != nil || tt.wantErr != "" {
					_, want, _ := strings.Cut(tt.wantErr, " ") // the line depends on the head
					if err == nil || tt.wantErr == "" || !strings.HasSuffix(err.Error(), want) {
						t.Errorf("error %v, want %s", err, tt.wantErr)
					}
					continue
				}
				if got := w.Services[0].Count.Runs.Seconds; got.Value != tt.seconds || !strings.HasPrefix(got.Note, tt.note) || got.Stated() != (tt.seconds > 0) {
					t.Errorf("got %+v, want %v s, %s", got, tt.seconds, tt.note)
				}
			}
		})
	}
}
