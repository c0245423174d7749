package intake

import (
	"fmt"
	"strings"
	"testing"
)

// evalTemplate is what the expressions of the tables may refer to.
const evalTemplate = `
Parameters:
  Env: {Type: String, Default: prod, AllowedValues: [dev, prod]}
  Size: {Type: Number}
  Tier: {Type: String, AllowedValues: [basic, premium]}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /aws/service/image}
  ImageName: {Type: "AWS::SSM::Parameter::Name", Default: /aws/service/image}
  Password: {Type: String, NoEcho: true, Default: canary}
  Stored: {Type: String, Default: "{{resolve:secretsmanager:canary:SecretString}}"}
Mappings:
  Sizes:
    prod: {cpu: 1024, memory: "2048", zones: [x, y]}
    dev: {cpu: 256}
  Regions:
    eu-west-2: {short: euw2}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Dev: !Not [!Condition Prod]
  Sized: !Equals [!Ref Size, 1]
  Loop: !Not [!Condition Loop]
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  Api: {Type: AWS::ECS::Service}
  Hook: {Type: Custom::Hook}
  Gone: {Type: AWS::ECS::Cluster, Condition: Dev}
`

// show writes an evaluated value on one line, and why where it is not known.
func show(n *node) string {
	switch {
	case n == nil:
		return "AWS::NoValue"
	case n.kind == unknownNode:
		return n.text + " because " + n.reason()
	}
	var b strings.Builder
	flow(&b, n)
	return b.String()
}

func flow(b *strings.Builder, n *node) {
	switch n.kind {
	case mappingNode:
		b.WriteByte('{')
		for i, e := range n.entries {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(e.key + ": ")
			flow(b, e.value)
		}
		b.WriteByte('}')
	case listNode:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteString(", ")
			}
			flow(b, item)
		}
		b.WriteByte(']')
	case textNode:
		b.WriteString(`"` + strings.ReplaceAll(strings.ReplaceAll(n.text, `"`, `\"`), "\n", `\n`) + `"`)
	case tagNode:
		b.WriteString(n.text)
		for _, item := range n.items {
			b.WriteString(" " + item.text)
		}
	default:
		b.WriteString(n.text)
	}
}

// evaluate evaluates an expression in evalTemplate.
func evaluate(t *testing.T, expression string) string {
	t.Helper()
	c := newCfnReader(Options{})
	root, err := parseYAML("template.yaml", []byte(evalTemplate))
	if err != nil {
		t.Fatal(err)
	}
	template := newCfnTemplate("template.yaml", root, "", c.set)
	template.setRegion("eu-west-2")
	if err := template.expand(); err != nil {
		t.Fatal(err)
	}
	n, err := parseYAML("expression.yaml", []byte("x: "+expression+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := show(template.eval(n.get("x")))
	if strings.Contains(got, "canary") {
		t.Errorf("a secret got out: %s", got)
	}
	return got
}

func TestCloudFormationFunctions(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain text", `hello`, `"hello"`},
		{"plain tree", `{a: [1, true]}`, `{a: [1, true]}`},

		{"Ref to a default", `!Ref Env`, `"prod"`},
		{"Ref in long form", `{Ref: Env}`, `"prod"`},
		{"Ref without a default", `!Ref Size`, `${Size} because parameter Size has no default (--parameter Size=…)`},
		{"Ref to a list", `!Ref Zones`, `["a", "b", "c"]`},
		{"Ref to an unknown list", `!Ref Subnets`, `${Subnets} because parameter Subnets has no default (--parameter Subnets=…)`},
		{"Ref to Parameter Store", `!Ref Image`, `${Image} because parameter Image is read from Parameter Store (/aws/service/image)`},
		{"Ref to a name in Parameter Store", `!Ref ImageName`, `"/aws/service/image"`},
		{"Ref to a secret", `!Ref Password`, `${Password} because parameter Password is a secret (NoEcho)`},
		{"Ref to a stored secret", `!Ref Stored`, `${resolve:secretsmanager} because a dynamic reference ({{resolve:secretsmanager:…}}) is read when the stack is deployed`},
		{"Ref to a resource", `!Ref Cluster`, `${Cluster} because Cluster is named when it is created`},
		{"Ref to nothing", `!Ref Clutser`, `${Clutser} because the template has neither a parameter nor a resource "Clutser"`},
		{"region", `!Ref AWS::Region`, `"eu-west-2"`},
		{"partition", `!Ref AWS::Partition`, `"aws"`},
		{"account", `!Ref AWS::AccountId`, `${AWS::AccountId} because the account and the stack decide it`},
		{"stack name", `!Ref AWS::StackName`, `${AWS::StackName} because no stack name is given (--parameter AWS::StackName=…)`},
		{"no such pseudo parameter", `!Ref AWS::Regoin`, `${AWS::Regoin} because CloudFormation has no such pseudo parameter`},
		{"NoValue", `!Ref AWS::NoValue`, `AWS::NoValue`},
		{"NoValue in a mapping", `{a: !Ref AWS::NoValue, b: 1}`, `{b: 1}`},
		{"NoValue in a list", `[1, !Ref AWS::NoValue, 2]`, `[1, 2]`},

		{"GetAtt", `!GetAtt Api.Name`, `${Api.Name} because Api has it when it is created`},
		{"GetAtt as a list", `{"Fn::GetAtt": [Api, Name]}`, `${Api.Name} because Api has it when it is created`},
		{"GetAtt of a custom resource", `!GetAtt Hook.Count`, `${Hook.Count} because Hook is a custom resource: its function decides when the stack is deployed`},
		{"GetAtt of nothing", `!GetAtt Nobody.Name`, `${Nobody.Name} because the template has no resource "Nobody"`},
		{"GetAtt of the wrong form", `!GetAtt Api`, `${Fn::GetAtt} because Fn::GetAtt wants [logical id, attribute]`},

		{"Sub", `!Sub "${Env}-${AWS::Region}"`, `"prod-eu-west-2"`},
		{"Sub with names", `!Sub ["${a}/${Env}", {a: !Select [0, [x]]}]`, `"x/prod"`},
		{"Sub with a literal", `!Sub "${!Env} ${Env}"`, `"${Env} prod"`},
		{"Sub without an end", `!Sub "a ${Env"`, `"a ${Env"`},
		{"Sub of a reference", `!Sub "service/${Cluster}/${Api.Name}"`, `service/${Cluster}/${Api.Name} because Cluster is named when it is created`},
		{"Sub of a list", `!Sub "${Zones}"`, `${Fn::Sub} because want a text, got a list`},
		{"Sub of the wrong form", `!Sub [a]`, `${Fn::Sub} because Fn::Sub wants a text, or [text, {name: value}]`},
		{"Sub that makes a dynamic reference", `!Sub "{{resolve:ssm-secure:/${Env}/canary}}"`, `${resolve:ssm-secure} because a dynamic reference ({{resolve:ssm-secure:…}}) is read when the stack is deployed`},
		{"dynamic reference", `"https://{{resolve:ssm:/canary}}/x"`, `${resolve:ssm} because a dynamic reference ({{resolve:ssm:…}}) is read when the stack is deployed`},

		{"Join", `!Join ["-", [a, !Ref Env, 3]]`, `"a-prod-3"`},
		{"Join of a parameter's list", `!Join ["+", !Ref Zones]`, `"a+b+c"`},
		{"Join without NoValue", `!Join ["-", [a, !Ref AWS::NoValue, b]]`, `"a-b"`},
		{"Join of a reference", `!Join ["/", [service, !Ref Cluster]]`, `service/${Cluster} because Cluster is named when it is created`},
		{"Join of an unknown list", `!Join [",", !Ref Subnets]`, `${Fn::Join ${Subnets}} because parameter Subnets has no default (--parameter Subnets=…)`},
		{"Join of no list", `!Join [",", a]`, `${Fn::Join} because Fn::Join wants a list of values, got a text`},

		{"Select", `!Select [1, [a, b]]`, `"b"`},
		{"Select of a parameter's list", `!Select ["2", !Ref Zones]`, `"c"`},
		{"Select beyond the end", `!Select [3, !Ref Zones]`, `${Fn::Select} because the list has no item 3, only 3`},
		{"Select of a zone", `!Select [0, !GetAZs ""]`, `${Fn::Select 0 ${Fn::GetAZs}} because which Availability Zones a region has is known to the account`},
		{"Select by an unknown number", `!Select [!Ref Size, [a]]`, `${Fn::Select ${Size}} because parameter Size has no default (--parameter Size=…)`},

		{"Split", `!Split [".", a.b.c]`, `["a", "b", "c"]`},
		{"Select of Split", `!Select [1, !Split [":", "x:y"]]`, `"y"`},
		{"Split of a reference", `!Split ["/", !Ref Cluster]`, `${Fn::Split ${Cluster}} because Cluster is named when it is created`},

		{"FindInMap", `!FindInMap [Sizes, !Ref Env, cpu]`, `1024`},
		{"FindInMap of a list", `!FindInMap [Sizes, prod, zones]`, `["x", "y"]`},
		{"FindInMap by region", `!FindInMap [Regions, !Ref AWS::Region, short]`, `"euw2"`},
		{"FindInMap of a missing key", `!FindInMap [Sizes, dev, memory]`, `${Fn::FindInMap} because Mappings.Sizes.dev has no key "memory"`},
		{"FindInMap with a default", `!FindInMap [Sizes, dev, memory, {DefaultValue: "512"}]`, `"512"`},
		{"FindInMap by an unknown key", `!FindInMap [Sizes, !Ref Tier, cpu]`, `${Fn::FindInMap ${Tier}} because parameter Tier has no default (--parameter Tier=…)`},

		{"If true", `!If [Prod, 3, 1]`, `3`},
		{"If false", `!If [Dev, 3, !Ref AWS::NoValue]`, `AWS::NoValue`},
		{"If undecided", `!If [Sized, 3, 1]`, `${Fn::If Sized} because condition Sized is not known: parameter Size has no default (--parameter Size=…)`},
		{"If undecided, equal branches", `!If [Sized, 2, "2"]`, `2`},
		{"If undecided between resources", `!If [Sized, !Ref Cluster, !Ref Api]`, `${Fn::If Sized ${Cluster} ${Api}} because condition Sized is not known: parameter Size has no default (--parameter Size=…)`},
		{"If of a condition that is not there", `!If [Nope, 1, 2]`, `${Fn::If Nope} because the template has no condition "Nope"`},
		{"If of a condition that depends on itself", `!If [Loop, 1, 2]`, `${Fn::If Loop} because condition Loop is not known: condition Loop depends on itself`},

		{"ImportValue", `!ImportValue net-vpc`, `${Fn::ImportValue net-vpc} because no template at hand exports "net-vpc"`},
		{"ImportValue of Sub", `{"Fn::ImportValue": !Sub "${Env}-vpc"}`, `${Fn::ImportValue prod-vpc} because no template at hand exports "prod-vpc"`},
		{"ImportValue of an unknown name", `{"Fn::ImportValue": !Sub "${Size}-vpc"}`, `${Fn::ImportValue ${Size}-vpc} because parameter Size has no default (--parameter Size=…)`},

		{"Length", `{"Fn::Length": !Ref Zones}`, `3`},
		{"Length of the unknown", `{"Fn::Length": !Ref Subnets}`, `${Fn::Length ${Subnets}} because parameter Subnets has no default (--parameter Subnets=…)`},
		{"ToJsonString", `{"Fn::ToJsonString": {a: [1, "b", true, null], c: !Ref Env}}`, `"{\"a\":[1,\"b\",true,null],\"c\":\"prod\"}"`},
		{"ToJsonString of the unknown", `{"Fn::ToJsonString": {a: !Ref Cluster}}`, `${Fn::ToJsonString ${Cluster}} because Cluster is named when it is created`},
		{"Equals as a value", `!Equals [a, a]`, `true`},
		{"condition as a value", `!Condition Dev`, `false`},

		{"Base64", `!Base64 canary`, `${Fn::Base64} because encoded text is not looked into`},
		{"Cidr", `!Cidr [10.0.0.0/16, 2, 8]`, `${Fn::Cidr} because address ranges have no price`},
		{"GetAZs", `!GetAZs {Ref: AWS::Region}`, `${Fn::GetAZs} because which Availability Zones a region has is known to the account`},
		{"Transform", `{"Fn::Transform": {Name: Macro}}`, `${Fn::Transform} because a macro runs when the stack is deployed`},
		{"no such function", `!Frobnicate x`, `${Fn::Frobnicate} because the function Fn::Frobnicate is not one that this tool evaluates`},
		{"no argument", `!Ref`, `${} because the template has neither a parameter nor a resource ""`},

		{"loop in a mapping", `{"Fn::ForEach::Z": [Z, !Ref Zones, {"k${Z}": {"v": !Ref Z, "s": !Sub "${Z}-${Env}"}}]}`,
			`{ka: {v: "a", s: "a-prod"}, kb: {v: "b", s: "b-prod"}, kc: {v: "c", s: "c-prod"}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := evaluate(t, test.in); got != test.want {
				t.Errorf("%s\ngot  %s\nwant %s", test.in, got, test.want)
			}
		})
	}
}

func TestCloudFormationConditions(t *testing.T) {
	const unknown = "parameter Size has no default (--parameter Size=…)"
	tests := []struct{ name, in, want string }{
		{"equal texts", `!Equals [a, a]`, "yes"},
		{"true and its text", `!Equals [true, "true"]`, "yes"},
		{"number and its text", `!Equals [1, "1"]`, "yes"},
		{"different texts", `!Equals [a, b]`, "no"},
		{"case matters", `!Equals [a, A]`, "no"},
		{"lists", `!Equals [[a, b], [a, b]]`, "yes"},
		{"list and text", `!Equals [[a], a]`, "no"},
		{"unknown", `!Equals [!Ref Size, "3"]`, unknown},
		{"unknown equals itself", `!Equals [!Ref Size, !Ref Size]`, "yes"},
		{"not an allowed value", `!Equals [!Ref Tier, gold]`, "no"},
		{"one of the allowed values", `!Equals [basic, !Ref Tier]`, "parameter Tier has no default (--parameter Tier=…)"},
		{"NoValue", `!Equals [!Ref AWS::NoValue, a]`, "AWS::NoValue has no value to compare"},
		{"wrong form", `!Equals [a]`, "Fn::Equals wants a list of two values"},

		{"not", `!Not [!Equals [a, b]]`, "yes"},
		{"not unknown", `!Not [!Equals [!Ref Size, 1]]`, unknown},
		{"not of a text", `!Not x`, "Fn::Not wants a list of one condition"},
		{"and", `!And [!Equals [a, a], !Condition Prod]`, "yes"},
		{"and with unknown", `!And [!Condition Prod, !Equals [!Ref Size, 1]]`, unknown},
		{"and with unknown and false", `!And [!Equals [!Ref Size, 1], !Condition Dev]`, "no"},
		{"or", `!Or [!Condition Dev, !Condition Prod]`, "yes"},
		{"or with unknown", `!Or [!Condition Dev, !Equals [!Ref Size, 1]]`, unknown},
		{"or with unknown and true", `!Or [!Equals [!Ref Size, 1], !Condition Prod]`, "yes"},
		{"or of nothing", `!Or []`, "Fn::And and Fn::Or want a list of conditions"},
		{"condition in long form", `{Condition: Prod}`, "yes"},
		{"condition that is not there", `!Condition Nope`, `the template has no condition "Nope"`},
		{"condition on itself", `!Condition Loop`, "condition Loop is not known: condition Loop depends on itself"},
		{"text of a truth", `"true"`, "yes"},
		{"no condition at all", `[a]`, "want a condition, got a list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newCfnReader(Options{})
			root, err := parseYAML("template.yaml", []byte(evalTemplate))
			if err != nil {
				t.Fatal(err)
			}
			template := newCfnTemplate("template.yaml", root, "", c.set)
			if err := template.expand(); err != nil {
				t.Fatal(err)
			}
			n, err := parseYAML("condition.yaml", []byte("x: "+test.in+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			v, why := template.decide(n.get("x"))
			got := map[verdict]string{yes: "yes", no: "no", undecided: why}[v]
			if got != test.want {
				t.Errorf("%s: got %s, want %s", test.in, got, test.want)
			}
		})
	}
}

func TestCloudFormationLimits(t *testing.T) {
	read := func(text string) error {
		_, err := Read("template.yaml", []byte(text), Options{Region: "us-east-1"})
		return err
	}
	t.Run("aliases that grow", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("Resources:\n  S:\n    Type: AWS::ECS::Service\n    Properties:\n      A0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
		for i := 1; i < 12; i++ {
			fmt.Fprintf(&b, "      A%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
		}
		b.WriteString("      LoadBalancers: *a11\n")
		const want = "template.yaml: the template comes to more than 5000000 values once its aliases and loops are followed"
		if err := read(b.String()); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
	t.Run("texts that grow", func(t *testing.T) {
		text := "x"
		for range 12 {
			text = `!Sub ["${a}${a}${a}${a}", {a: ` + text + `}]`
		}
		if got := evaluate(t, text); !strings.HasSuffix(got, " because the text grows beyond 64 KiB") {
			t.Error(clip(got))
		}
	})
	t.Run("loops in loops", func(t *testing.T) {
		loop := `{"r${A}${B}${C}${D}${E}${F}": {Type: AWS::ECS::Cluster}}`
		for _, id := range []string{"A", "B", "C", "D", "E", "F"} {
			loop = fmt.Sprintf(`{"Fn::ForEach::L%s": [%s, [a, b, c, d, e, f, g, h, i, j], %s]}`, id, id, loop)
		}
		if err := read("Resources: " + loop + "\n"); err == nil {
			t.Error("a million resources were read")
		}
	})
	t.Run("expressions in expressions", func(t *testing.T) {
		text := strings.Repeat(`!Join ["", [`, 20) + "x" + strings.Repeat("]]", 20)
		if got := evaluate(t, text); got != `"x"` {
			t.Error(got)
		}
	})
	t.Run("aliases in aliases", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("Metadata:\n  A0: &a0 x\n")
		for i := 1; i < 400; i++ {
			fmt.Fprintf(&b, "  A%d: &a%d [*a%d]\n", i, i, i-1)
		}
		b.WriteString("Resources:\n  S: {Type: AWS::ECS::Service, Properties: {DesiredCount: *a399}}\n")
		if err := read(b.String()); err == nil || !strings.Contains(err.Error(), "S.Properties.DesiredCount: want a number, 0 or more, got a list") {
			t.Error(err)
		}
	})
}
