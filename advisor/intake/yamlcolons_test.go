package intake

import "testing"

func TestDoubleColonsInFlowYAML(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"after a tag in a flow mapping", "x: {a: !Ref AWS::Region, b: 1}", "{a: !Ref AWS::Region, b: 1}"},
		{"at its end", "x: {a: !Ref AWS::Region}", "{a: !Ref AWS::Region}"},
		{"as a key", "x: {Fn::Sub: a}", `{Fn::Sub: "a"}`},
		{"as a key with a list", "x: {Fn::If: [a, b, {Ref: AWS::NoValue}]}", `{Fn::If: ["a", "b", {Ref: "AWS::NoValue"}]}`},
		{"in quotes", `x: {a: "AWS::Region"}`, `{a: "AWS::Region"}`},
		{"in a block text", "x: |\n  a::b\n", `"a::b\n"`},
		{"three colons", "x: [a:::b]", `["a:::b"]`},
		{"a key that ends in a colon", "x:\n  a:: b\n", `{a:: "b"}`},
		{"code points of its own", "x: \"\uE0C0\uE0C1 a::b\"", "\"\uE0C0\uE0C1 a::b\""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root, err := parseYAML("x.yaml", []byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if got := show(root.get("x")); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	// Columns after the colons are those of the text.
	_, err := parseYAML("x.yaml", []byte("x: {a: [AWS::Region], a: 1}\n"))
	if want := `x.yaml:1:23: the key "a" is there twice`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
