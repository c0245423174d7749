package intake

import "ecsavvy/advisor/design"

// ReadAll turns an input into its workloads: several where a Terraform plan has
// resources in several regions, since a workload is of one region; one of every
// other input.
func ReadAll(name string, data []byte, opts Options) ([]design.Workload, error) {
	in, err := openAs(name, data, opts.Kind)
	if err != nil {
		return nil, err
	}
	if in.kind == TerraformPlan {
		p, err := readPlan(in, opts)
		if err != nil {
			return nil, err
		}
		return p.After, nil
	}
	w, err := Read(name, data, opts)
	if err != nil {
		return nil, err
	}
	return []design.Workload{w}, nil
}
