package pricing

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

const instanceTypeColumns = "instance_type\tvcpu\tmemory_gib\tarch\tprocessor\tgeneration\tgpus\tburst_baseline\tnetwork_performance" +
	"\tbandwidth_mbps\tmax_enis\tipv4_per_eni\ttrunking\tbranch_enis\tinstance_storage_gb\tsource"

// InstanceType is what an EC2 instance type offers. Numbers that the snapshot
// does not know are NaN, never zero.
type InstanceType struct {
	Name      string
	VCPU      float64
	MemoryGiB float64
	// Architectures are "x86_64", "arm64", "i386"; of Macs "x86_64_mac" or
	// "arm64_mac".
	Architectures []string
	// Processor is the maker ("intel") or the model ("AMD EPYC 9R14").
	Processor          string
	PreviousGeneration bool
	GPUs               float64
	// BurstBaseline is how many vCPUs' worth a burstable type (T family) may
	// use for good, summed over the instance: 0.6 for t3.large, which is 30 %
	// of each of its two. NaN for a type that is not burstable.
	BurstBaseline float64
	// NetworkPerformance is AWS's wording: "Up to 10 Gigabit".
	NetworkPerformance string
	// BandwidthMbps is the bandwidth that lasts, in Mbit/s.
	BandwidthMbps float64
	MaxENIs       float64
	IPv4PerENI    float64
	// Trunking says whether ECS can give the type branch ENIs (awsvpcTrunking)
	// and BranchENIs how many; NaN where TrunkingKnown is false.
	Trunking, TrunkingKnown bool
	BranchENIs              float64
	InstanceStorageGB       float64
	// Source is the reference that lists the type.
	Source string
}

// Has reports whether the type runs images of the architecture.
func (t InstanceType) Has(architecture string) bool {
	return slices.Contains(t.Architectures, architecture)
}

// TypeError says that no instance type has the name.
type TypeError struct {
	Name    string
	Nearest []string
}

func (e *TypeError) Error() string {
	msg := fmt.Sprintf("pricing: no EC2 instance type %q", e.Name)
	if len(e.Nearest) > 0 {
		msg += "; did you mean " + orList(e.Nearest) + "?"
	}
	return msg
}

// orList joins names as a question does: "a, b or c".
func orList(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return strings.Join(names, "")
}

// InstanceType returns the type of a name, or a *TypeError.
func (c *Catalog) InstanceType(name string) (InstanceType, error) {
	x, err := c.instanceTypes()
	if err != nil {
		return InstanceType{}, err
	}
	if x == nil {
		return InstanceType{}, &TypeError{Name: name}
	}
	i, ok := x.find(name)
	if !ok {
		return InstanceType{}, &TypeError{Name: name, Nearest: nearest(name, x.names())}
	}
	return c.files.readType(x, i)
}

// InstanceTypes returns all types that the snapshot knows, by name; none where
// its file cannot be read.
func (c *Catalog) InstanceTypes() []InstanceType {
	x, err := c.instanceTypes()
	if err != nil || x == nil {
		return nil
	}
	types := make([]InstanceType, 0, len(x.starts))
	for i := range x.starts {
		t, err := c.files.readType(x, i)
		if err != nil {
			return nil
		}
		types = append(types, t)
	}
	return types
}

func (c *Catalog) instanceTypes() (*lineIndex, error) {
	if c.files == nil {
		return nil, nil
	}
	return c.files.instanceTypes()
}

func (f *files) instanceTypes() (*lineIndex, error) {
	f.typesOnce.Do(func() {
		if !exists(f.fsys, "instance_types.tsv") {
			return
		}
		file, err := readSnapshotFile(f.fsys, "instance_types.tsv", "instance-types", instanceTypeColumns)
		if err == nil {
			f.types, err = newLineIndex(file)
		}
		f.typesErr = err
	})
	return f.types, f.typesErr
}

// readType reads row i of the instance types.
func (f *files) readType(x *lineIndex, i int) (InstanceType, error) {
	m, err := f.meta()
	if err != nil {
		return InstanceType{}, err
	}
	var c [16]string
	if err := x.file.cut(x.line(i), x.row(i), c[:]); err != nil {
		return InstanceType{}, err
	}
	t := InstanceType{
		Name: c[0], Architectures: strings.Split(c[3], "|"), Processor: c[4], PreviousGeneration: c[5] == "previous",
		NetworkPerformance: c[8], Trunking: c[12] == "true", TrunkingKnown: c[12] != "", Source: m.sources[c[15]],
	}
	for _, n := range []struct {
		into *float64
		cell int
	}{
		{&t.VCPU, 1}, {&t.MemoryGiB, 2}, {&t.GPUs, 6}, {&t.BurstBaseline, 7}, {&t.BandwidthMbps, 9}, {&t.MaxENIs, 10},
		{&t.IPv4PerENI, 11}, {&t.BranchENIs, 13}, {&t.InstanceStorageGB, 14},
	} {
		*n.into = math.NaN()
		if c[n.cell] == "" {
			continue
		}
		var ok bool
		if *n.into, ok = quantity(c[n.cell]); !ok {
			return InstanceType{}, x.file.fail(x.line(i), "cell %d is %q, want a number of zero or more, or -", n.cell+1, c[n.cell])
		}
	}
	if !(t.VCPU > 0 && t.MemoryGiB > 0) || c[3] == "" || t.Source == "" {
		return InstanceType{}, x.file.fail(x.line(i), "%s lacks vCPU, memory, architecture or a known source", t.Name)
	}
	return t, nil
}

// checkTypes reads every instance type.
func (f *files) checkTypes() error {
	x, err := f.instanceTypes()
	if err != nil || x == nil {
		return err
	}
	for i := range x.starts {
		if _, err := f.readType(x, i); err != nil {
			return err
		}
	}
	return nil
}
