package intake

import "ecsavvy/advisor/design"

func namesDesign(root *node) bool { return root.get("services") != nil }

func readDesign(in *input, opts Options) (design.Workload, error) {
	return design.Workload{}, unread(in.name, in.kind)
}
