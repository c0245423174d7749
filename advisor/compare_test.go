package advisor_test

import (
	"errors"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"

	"ecsavvy/advisor"
	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/advisor/intake"
	"ecsavvy/fixtures"
	"ecsavvy/pricing"
)

// variants reads a case and its variants, invalid ones too.
func variants(t *testing.T, name string) []advisor.Candidate {
	t.Helper()
	data, err := fs.ReadFile(fixtures.Cases(), name+"/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	opts := intake.Options{ReadFile: func(path string) ([]byte, error) { return fs.ReadFile(fixtures.Cases(), name+"/"+path) }}
	base, err := intake.Read(name, data, opts)
	if err != nil {
		t.Fatal(err)
	}
	list := []advisor.Candidate{{Name: "base", Workload: base, Err: errors.Join(base.Validate()...)}}
	for _, v := range base.Variants {
		w, err := intake.ReadVariant(name, data, v.Name, opts)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, advisor.Candidate{Name: v.Name, Workload: w, Err: errors.Join(w.Validate()...)})
	}
	return list
}

// Groups add up to totals, and differences to the differences of totals.
func TestComparePartsAddUp(t *testing.T) {
	for _, name := range []string{"shop", "tunnel", "offhours", "spot", "commitments", "ec2", "managed-instances", "windows"} {
		t.Run(name, func(t *testing.T) {
			c := advisor.Compare(variants(t, name), pricing.Embedded(), estimate.Options{})
			for i := range c.Designs {
				d := &c.Designs[i]
				if d.Err != nil {
					t.Fatal(d.Err)
				}
				sum, points := 0.0, 0.0
				for _, g := range c.Groups {
					sum += d.Groups[g].USD
				}
				for g := range d.Groups {
					if !slices.Contains(c.Groups, g) {
						t.Errorf("group %s of %s is in no row", g, d.Name)
					}
				}
				for _, r := range d.Remarks {
					points += r.Points
				}
				if total := d.Result.Total.Effective; math.Abs(sum-total) > 1e-9*math.Max(1, total) {
					t.Errorf("%s: groups make %v, total %v", d.Name, sum, total)
				}
				if want := d.Result.Total.Effective - c.Designs[0].Result.Total.Effective; d.Difference != want {
					t.Errorf("%s: difference %v, want %v", d.Name, d.Difference, want)
				}
				if points != d.Risk {
					t.Errorf("%s: risk %v, points %v", d.Name, d.Risk, points)
				}
			}
		})
	}
}

// An infeasible design is a column that says why.
func TestCompareInfeasible(t *testing.T) {
	list := variants(t, "minimal")
	list = append(list, advisor.Candidate{Name: "huge", Err: errors.New("no such size")})
	nowhere := list[0]
	nowhere.Name, nowhere.Workload.Region = "nowhere", design.Fact[string]{}
	list = append(list, nowhere)
	c := advisor.Compare(list, pricing.Embedded(), estimate.Options{})
	var infeasible *advisor.Infeasible
	if err := c.Designs[1].Err; !errors.As(err, &infeasible) || infeasible.Design != "huge" || err.Error() != "no such size" {
		t.Errorf("got %v", err)
	}
	if err := c.Designs[2].Err; err == nil || err.Error() != "estimate: the design states no region" {
		t.Errorf("got %v", err)
	}
	if !c.Feasible() || c.Cheapest() != 0 {
		t.Errorf("feasible %v, cheapest %d", c.Feasible(), c.Cheapest())
	}
}

// remarkText is every remark in one text.
func remarkText(remarks []advisor.Remark) string {
	var b strings.Builder
	for _, r := range remarks {
		b.WriteString(string(r.Topic) + " " + r.Rule + " " + r.Path + ": " + r.Text + "\n")
	}
	return b.String()
}

// Tasks that no instance type holds make a design infeasible: it costs nothing
// less than the others, and is never on the frontier.
func TestNoInstancesIsInfeasible(t *testing.T) {
	base := candidate(t, `
region: eu-west-2
cluster: {instances: {pool: {families: [c7g, m7g]}}}
services: {db: {task: {cpu: 4, memory: 300GB, arch: arm64}, count: 2, capacity: EC2}}
`)
	const want = "instances pool: no instance type in eu-west-2 holds 4 vCPU + 300 GB on arm64 under families c7g,m7g (db); smallest that would: r6g.12xlarge"
	c := advisor.Compare([]advisor.Candidate{base}, pricing.Embedded(), estimate.Options{})
	if err := c.Designs[0].Err; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	set := advisor.Alternatives(base, pricing.Embedded(), estimate.Options{})
	if set.BaseOnFrontier {
		t.Error("a design that cannot be had is on the frontier")
	}
	if !slices.ContainsFunc(set.Designs, func(a advisor.Alternative) bool { return a.Frontier }) {
		t.Error("no variant is on the frontier")
	}
	for i := range set.Designs {
		if d := &set.Designs[i]; d.Result.LowerBound() {
			t.Errorf("%s is not priced", d.Name)
		}
	}
}

func TestRemarks(t *testing.T) {
	tests := []struct {
		name string
		w    design.Workload
		want string
	}{
		{name: "nothing", w: design.Workload{}},
		{
			name: "one AZ", w: design.Workload{Network: design.Network{AZs: design.Know(1.0)}},
			want: "availability one-az network.azs: one AZ: its failure takes everything\n",
		},
		{
			name: "NAT instance asked too much",
			w: design.Workload{Network: design.Network{AZs: design.Know(2.0), NAT: design.NAT{
				Kind: design.NATInstance, Count: design.Know(1.0), InstanceType: "t4g.nano", PeakMbps: design.Know(100.0),
			}}},
			want: "availability nat-instance network.egress.nat: one NAT instance for 2 AZs: a single point of failure of every task's way out\n" +
				"operations nat-patching network.egress.nat: the NAT instance's system is yours to patch and to watch\n" +
				"limits nat-bandwidth network.egress.nat: t4g.nano sustains 32 Mbps, 9790 GB a month at most; 100 Mbps are asked of it\n",
		},
		{
			name: "gateway per AZ", w: design.Workload{Network: design.Network{AZs: design.Know(2.0), NAT: design.NAT{Kind: design.NATGateway}}},
		},
		{
			name: "one gateway",
			w:    design.Workload{Network: design.Network{AZs: design.Know(3.0), NAT: design.NAT{Kind: design.NATGateway, Count: design.Know(1.0)}}},
			want: "availability nat-shared network.egress.nat: one NAT gateway for 3 AZs: the failure of its AZ takes the way out of all\n",
		},
		{
			name: "the only task on Spot",
			w:    design.Workload{Services: []design.Service{{Name: "a", Count: design.Count(1), Capacity: design.Only(design.FargateSpot)}}},
			want: "availability single-task services: one task (a): a failure or an update interrupts the service\n" +
				"interruption single-task-spot services.a.capacity: the only task of a is on Spot: an interruption, with two minutes' warning, is an outage\n",
		},
		{
			name: "a tunnel, public addresses",
			w: design.Workload{Services: []design.Service{
				{Name: "a", Count: design.Count(2), AssignPublicIP: design.Know(true), Ingress: []design.Ingress{{Tunnel: &design.Tunnel{}}}, Capacity: design.Only(design.Fargate)},
			}},
			want: "lost features tunnel services: behind a tunnel (a): no AWS WAF, no weighted routing for blue/green, no scaling on ALBRequestCountPerTarget; replicas of the tunnel do not drain\n" +
				"exposure public-ip services: tasks of a have public addresses: only security groups keep the internet out, and addresses change with each task\n",
		},
		{
			name: "EC2 without trunking",
			w: design.Workload{
				Clusters: []design.Cluster{{Name: "c", Groups: []design.InstanceGroup{{Name: "g", InstanceTypes: []string{"m7g.large"}}}}},
				Services: []design.Service{{
					Name: "a", Count: design.Count(2), Task: design.Task{NetworkMode: "awsvpc"},
					Capacity: design.CapacityStrategy{Providers: []design.Provider{{Kind: design.EC2, Group: "g", Weight: 1}}},
				}},
			},
			want: "operations ec2 services: EC2: AMIs, the ECS agent, patching, draining and the Auto Scaling group are yours\n" +
				"limits eni-slots cluster.instances.g: m7g.large without awsvpcTrunking: 2 tasks with awsvpc an instance, whatever their size\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := remarkText(advisor.Remarks(&tt.w, pricing.Embedded())); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// Alternatives are valid, the frontier is one, and the input stays as it was.
func TestAlternatives(t *testing.T) {
	for _, name := range []string{"shop", "minimal", "tunnel", "ec2", "windows"} {
		t.Run(name, func(t *testing.T) {
			base := variants(t, name)[0]
			set := advisor.Alternatives(base, pricing.Embedded(), estimate.Options{})
			if set.Base.Err != nil {
				t.Fatal(set.Base.Err)
			}
			if len(set.Designs) == 0 {
				t.Fatal("no alternative")
			}
			again := variants(t, name)[0]
			if before, after := advisor.Compare([]advisor.Candidate{again, base}, pricing.Embedded(), estimate.Options{}), 0.0; before.Designs[1].Difference != after {
				t.Error("the design was changed")
			}
			all := []advisor.Design{set.Base}
			for i := range set.Designs {
				all = append(all, set.Designs[i].Design)
			}
			for i := range set.Designs {
				d := &set.Designs[i]
				if problems := d.Workload.Validate(); len(problems) > 0 {
					t.Errorf("%s: %v", d.Name, problems)
				}
				if !d.Frontier {
					continue
				}
				for j := range all {
					o := &all[j]
					if o.Result.Total.Effective < d.Result.Total.Effective && o.Risk <= d.Risk && !o.Result.LowerBound() {
						t.Errorf("%s is on the frontier and %s beats it", d.Name, o.Name)
					}
				}
			}
			for _, d := range set.Dropped {
				if d.Reason == "" || len(d.Names) == 0 {
					t.Errorf("dropped without a reason: %+v", d)
				}
			}
		})
	}
}
