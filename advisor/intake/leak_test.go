package intake

import (
	"fmt"
	"strings"
	"testing"
)

// No value of environment or secrets leaves the reader: not in the model, not
// in an error, wherever the error is.
func TestNothingLeaks(t *testing.T) {
	const secret = "hunter2-correct-horse"
	environment := fmt.Sprintf(`"environment": [{"name": "PASSWORD", "value": %q}], "command": ["--password", %q], "entryPoint": [%q],
		"dockerLabels": {"key": %q}, "environmentFiles": [{"type": "s3", "value": %q}],
		"healthCheck": {"command": ["CMD", %q]},
		"secrets": [{"name": "X", "valueFrom": "arn:aws:secretsmanager:eu-west-2:1:secret:%s:key::"}],
		"repositoryCredentials": {"credentialsParameter": "arn:aws:secretsmanager:eu-west-2:1:secret:%s"},
		"logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": %q}, "secretOptions": [{"name": "t", "valueFrom": %q}]}`,
		secret, secret, secret, secret, secret, secret, secret, secret, secret, secret)
	container := `{"name": "app", "image": "nginx", "memory": 512, ` + environment + `}`
	inputs := map[string]string{
		"valid":                  `{"family": "f", "containerDefinitions": [` + container + `]}`,
		"wrong size":             `{"family": "f", "cpu": true, "containerDefinitions": [` + container + `]}`,
		"wrong container":        `{"family": "f", "containerDefinitions": [` + container + `, 7]}`,
		"cut short":              `{"family": "f", "containerDefinitions": [` + container,
		"comma too many":         `{"family": "f", "containerDefinitions": [` + container + `,]}`,
		"text after":             `{"family": "f", "containerDefinitions": [` + container + `]} ` + secret,
		"unquoted value":         `{"containerDefinitions": [{"environment": [{"name": "P", "value": ` + secret + `}]}]}`,
		"environment as text":    `{"containerDefinitions": [{"name": "a", "image": "b", "environment": "` + secret + `"}]}`,
		"secrets as text":        `{"containerDefinitions": [{"name": "a", "image": "b", "secrets": "` + secret + `"}]}`,
		"secret as text":         `{"containerDefinitions": [{"name": "a", "image": "b", "secrets": ["` + secret + `"]}]}`,
		"secret as list":         `{"containerDefinitions": [{"name": "a", "image": "b", "secrets": [{"valueFrom": ["` + secret + `"]}]}]}`,
		"the same key twice":     `{"containerDefinitions": [{"name": "a", "image": "b", "environment": [{"name": "P", "value": "` + secret + `", "value": "` + secret + `"}]}]}`,
		"YAML":                   "family: f\ncontainerDefinitions:\n- name: app\n  image: nginx\n  environment:\n  - {name: P, value: " + secret + "}\n",
		"broken YAML":            "family: f\ncontainerDefinitions:\n- name: app\n  environment:\n  - {name: P, value: \"" + secret + "}\n",
		"YAML with a wrong line": "containerDefinitions:\n- name: app\n  environment:\n   P: " + secret + "\n  Q: " + secret + "\n R: " + secret + "\n",
		"in a design file":       "services: {api: {task: {cpu: 1, memory: 2GB, containers: {app: {environment: {P: " + secret + "}}}}}}",
		"as secrets":             "services: {api: {task: {cpu: 1, memory: 2GB}, secrets: {DB: " + secret + "}}}",
		"as a number of secrets": "services: {api: {task: {cpu: 1, memory: 2GB}, secrets: {parameters: " + secret + "}}}",
		"instead of secrets":     "services: {api: {task: {cpu: 1, memory: 2GB}, secrets: " + secret + "}}",
		"a list of secrets":      "services: {api: {task: {cpu: 1, memory: 2GB}, secrets: [" + secret + "]}}",
		"settings":               "PASSWORD: " + secret + "\n",
		"a word":                 secret,
	}
	for name, in := range inputs {
		t.Run(name, func(t *testing.T) {
			w, err := Read("input", []byte(in), Options{})
			if text := fmt.Sprintf("%+v %#v", w, w); strings.Contains(text, secret) {
				t.Errorf("in the model: %s", text)
			}
			if strings.Contains(errorText(err), secret) {
				t.Errorf("in the error: %v", err)
			}
		})
	}
}
