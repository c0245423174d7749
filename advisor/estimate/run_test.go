package estimate_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"ecsavvy/advisor/design"
	"ecsavvy/advisor/estimate"
	"ecsavvy/pricing"
)

// web is a Fargate service of 1 vCPU and 2 GB.
func web(name string, count design.CountProfile) design.Service {
	return design.Service{
		Name: name,
		Task: design.Task{
			Family: name, CPU: design.Know(1.0), Memory: design.Know(2.0),
			OS: design.Know(design.Linux), Architecture: design.Know(design.X86), NetworkMode: "awsvpc",
		},
		Count:    count,
		Capacity: design.Only(design.Fargate),
	}
}

func in(region string, services ...design.Service) design.Workload {
	return design.Workload{Name: "test", Region: design.Know(region), Services: services}
}

func run(t testing.TB, w design.Workload) estimate.Result {
	t.Helper()
	r, err := estimate.Run(w, pricing.Embedded(), estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestUnknownRegionIsNoEstimate(t *testing.T) {
	_, err := estimate.Run(in("eu-wast-2", web("a", design.Count(1))), pricing.Embedded(), estimate.Options{})
	var region *pricing.RegionError
	if !errors.As(err, &region) || !strings.Contains(err.Error(), `"eu-wast-2"`) {
		t.Errorf("got %v, want a RegionError that names eu-wast-2", err)
	}
	if _, err := estimate.Run(design.Workload{}, pricing.Embedded(), estimate.Options{}); err == nil || err.Error() != "estimate: the design states no region" {
		t.Errorf("got %v for a design without a region", err)
	}
}

func TestUnknownCountIsUnpricedAndNotFree(t *testing.T) {
	r := run(t, in("us-east-1", web("a", design.CountProfile{})))
	if !r.LowerBound() || r.Unpriced == 0 || r.Total.Effective != 0 {
		t.Fatalf("total %v with %d unpriced lines", r.Total, r.Unpriced)
	}
	for _, line := range r.Resources[0].Lines {
		if line.Unpriced == "" || line.UnitRate == nil {
			t.Errorf("%s: unpriced %q, unit rate %v", line.Name, line.Unpriced, line.UnitRate)
		}
	}
}

func TestMissingRateIsUnpricedWithItsName(t *testing.T) {
	s := web("a", design.Count(1))
	s.Capacity = design.Only(design.FargateSpot)
	r := run(t, in("mx-central-1", s)) // no Fargate Spot rate is known there
	want := "no rate for AmazonECS SpotUsage-Fargate-vCPU-Hours:perCPU in mx-central-1"
	if got := r.Resources[0].Lines[0].Unpriced; !strings.Contains(got, want) {
		t.Errorf("unpriced: %q, want %q", got, want)
	}
	if !r.LowerBound() {
		t.Error("the total passes for the whole")
	}
}

func TestRangeOfAScaledCount(t *testing.T) {
	scaled := func(c design.ScaledCount) design.CountProfile { return design.CountProfile{Scaled: &c} }
	one := run(t, in("us-east-1", web("a", design.Count(1)))).Total.Effective
	for _, c := range []struct {
		name       string
		count      design.ScaledCount
		total      float64 // tasks
		low, high  float64
		open       bool
		assumption bool
	}{
		{"an average closes the range", design.ScaledCount{Min: design.Know(2.0), Average: design.Know(3.5), Max: design.Know(9.0)}, 3.5, 3.5, 3.5, false, false},
		{"without one the minimum is priced", design.ScaledCount{Min: design.Know(2.0), Max: design.Know(9.0)}, 2, 2, 9, false, true},
		{"without a maximum it has no end", design.ScaledCount{Min: design.Know(2.0)}, 2, 2, 2, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, in("us-east-1", web("a", scaled(c.count))))
			for name, pair := range map[string][2]float64{
				"total": {r.Total.Effective, c.total}, "low": {r.Range.Low, c.low}, "high": {r.Range.High, c.high},
			} {
				if math.Abs(pair[0]-pair[1]*one) > 1e-9 {
					t.Errorf("%s is %v, want %v tasks = %v", name, pair[0], pair[1], pair[1]*one)
				}
			}
			if r.Range.Open != c.open || (len(r.Assumptions) > 0) != c.assumption {
				t.Errorf("open %v, assumptions %v", r.Range.Open, r.Assumptions)
			}
		})
	}
}

// The price rises with the count, lines add up, and the order in which the
// input lists its services does not change a bit of the result.
func TestEstimateProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6)) // fixed seed: same cases every run
	sizes := design.Ladder(design.Linux)
	for range 100 {
		var services []design.Service
		for i := range 1 + random.IntN(5) {
			s := web(fmt.Sprintf("s%d", i), design.Count(float64(random.IntN(20))))
			size := sizes[random.IntN(len(sizes))]
			s.Task.CPU, s.Task.Memory = design.Know(size.VCPU), design.Know(size.GB)
			s.Traffic.InternetOut = design.Know(random.Float64() * 20000)
			services = append(services, s)
		}
		before := run(t, in("eu-west-1", services...))
		checkSums(t, before)
		random.Shuffle(len(services), func(i, j int) { services[i], services[j] = services[j], services[i] })
		if again := run(t, in("eu-west-1", services...)); again.Total != before.Total {
			t.Fatalf("another order of services: %v, was %v", again.Total, before.Total)
		}
		services[0].Count = design.Count(services[0].Count.Fixed.Value + 1)
		if after := run(t, in("eu-west-1", services...)); after.Total.Effective <= before.Total.Effective {
			t.Fatalf("a task more costs %v, before %v", after.Total, before.Total)
		}
	}
}

// The cost of instances is shared by 9 × vCPU + GB and nothing of it is lost:
// the services' shares and the unused rest are the instances.
func TestInstancesAreSharedWhole(t *testing.T) {
	big, small := web("big", design.Count(4)), web("small", design.Count(2))
	small.Task.CPU, small.Task.Memory = design.Know(0.5), design.Know(1.0)
	for _, s := range []*design.Service{&big, &small} {
		s.Capacity = design.Only(design.EC2)
		s.Task.NetworkMode = "bridge"
	}
	w := in("us-east-1", big, small)
	w.Clusters = []design.Cluster{{Groups: []design.InstanceGroup{{Name: "pool", InstanceTypes: []string{"m5.xlarge"}, Count: design.Count(3)}}}}
	r := run(t, w)
	shares := map[string]float64{}
	hours := 0.0
	for _, res := range r.Resources {
		for _, line := range res.Lines {
			if line.Name == "EC2 instances" {
				hours += line.Charge.PricingQuantity
				shares[res.Name] = line.Charge.PricingQuantity / (3 * 730)
			}
		}
	}
	if math.Abs(hours-3*730) > 1e-9 {
		t.Errorf("%v instance-hours, want 2,190", hours)
	}
	// 3 × m5.xlarge = 9 × 12 vCPU + 48 GB = 156; big 4 × (9 + 2) = 44; small 2 × (4.5 + 1) = 11.
	for name, want := range map[string]float64{"big": 44.0 / 156, "small": 11.0 / 156, "pool": 101.0 / 156} {
		if math.Abs(shares[name]-want) > 1e-9 {
			t.Errorf("%s has %v of the instances, want %v", name, shares[name], want)
		}
	}
}

func TestEC2WithoutInstancesIsNeverFree(t *testing.T) {
	s := web("a", design.Count(1))
	s.Capacity = design.Only(design.EC2)
	r := run(t, in("us-east-1", s))
	if r.Total.Effective < 20 || len(r.Assumptions) == 0 {
		t.Errorf("a task on EC2 costs %v with assumptions %v", r.Total, r.Assumptions)
	}
	for _, a := range r.Assumptions {
		if strings.HasSuffix(a.Path, ".type") {
			return
		}
	}
	t.Errorf("the chosen type is not listed: %v", r.Assumptions)
}

func BenchmarkRun1000Services(b *testing.B) { benchmarkRun(b, 1000) }
func BenchmarkRun100Services(b *testing.B)  { benchmarkRun(b, 100) }

func benchmarkRun(b *testing.B, services int) {
	w := in("us-east-1")
	for i := range services {
		s := web(fmt.Sprintf("service-%04d", i), design.Count(float64(1+i%5)))
		s.Traffic.InternetOut = design.Know(10.0)
		w.Services = append(w.Services, s)
		w.LogGroups = append(w.LogGroups, design.LogGroup{Name: s.Name, Service: s.Name, Ingest: design.Know(5.0), RetentionDays: design.Know(30.0)})
	}
	cat := pricing.Embedded()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := estimate.Run(w, cat, estimate.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// checkSums holds every result to: lines add up to resources, resources to the
// total.
func checkSums(t *testing.T, r estimate.Result) {
	t.Helper()
	total := 0.0
	for _, res := range r.Resources {
		sum := 0.0
		for _, line := range res.Lines {
			sum += line.Cost.Effective
		}
		if math.Abs(sum-res.Cost.Effective) > 1e-9 {
			t.Errorf("%s: lines add up to %v, the resource says %v", res.Name, sum, res.Cost.Effective)
		}
		total += sum
	}
	if r.Commitments != nil {
		total += r.Commitments.Unused
	}
	if math.Abs(total-r.Total.Effective) > 1e-6 {
		t.Errorf("resources add up to %v, the total says %v", total, r.Total.Effective)
	}
}

// A Windows task on EC2 runs on an instance with a Windows licence.
func TestWindowsTasksRunOnWindowsInstances(t *testing.T) {
	s := web("iis", design.Count(1))
	s.Capacity = design.Only(design.EC2)
	s.Task.OS = design.Know(design.Windows)
	r := run(t, in("us-east-1", s))
	for _, line := range r.Resources[0].Lines {
		if line.Name == "EC2 instances" && strings.Contains(line.Charge.Rate.SKU.Attributes, "operatingSystem=Windows") {
			return
		}
	}
	t.Errorf("no Windows instance among %+v", r.Resources[0].Lines)
}

// Provisioned IOPS of an io1 volume are billed; the snapshot has no rate for
// them, and says so.
func TestProvisionedIOPSAreNotFree(t *testing.T) {
	w := in("us-east-1")
	w.Clusters = []design.Cluster{{Groups: []design.InstanceGroup{{
		Name: "db", InstanceTypes: []string{"m5.large"}, Count: design.Count(1),
		RootVolume: &design.Volume{Type: "io1", GB: design.Know(100.0), IOPS: design.Know(800.0)},
	}}}}
	if got := fmt.Sprint(unpriced(run(t, w))); !strings.Contains(got, "EBS:VolumeP-IOPS.piops") {
		t.Errorf("unpriced: %s", got)
	}
}

// A service of which nobody says where it runs is unpriced, whatever its count.
func TestServiceWithoutCapacityIsUnpriced(t *testing.T) {
	s := web("a", design.Count(3))
	s.Capacity = design.CapacityStrategy{Assumed: "the launch type is not in the plan"}
	r := run(t, in("us-east-1", s))
	if got := unpriced(r); len(got) != 1 || got[0] != "the launch type is not in the plan" {
		t.Errorf("unpriced: %q", got)
	}
}

// Tasks beyond what the stated instances hold make the total a lower bound, and
// a type that does not exist leaves no service at zero.
func TestInstancesThatDoNotHoldTheirTasks(t *testing.T) {
	for _, c := range []struct{ name, kind, want string }{
		{"too many tasks", "m5.large", "what does not fit needs more of them"},
		{"no such type", "m5.lrage", `no EC2 instance type "m5.lrage"; did you mean m5.large`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := web("a", design.Count(50))
			s.Capacity = design.Only(design.EC2)
			w := in("us-east-1", s)
			w.Clusters = []design.Cluster{{Groups: []design.InstanceGroup{{Name: "web", InstanceTypes: []string{c.kind}, Count: design.Count(1)}}}}
			r := run(t, w)
			if !strings.Contains(fmt.Sprint(unpriced(r)), c.want) {
				t.Errorf("unpriced: %q", unpriced(r))
			}
			if r.Resources[0].Cost.Effective == 0 && r.Resources[0].Unpriced == 0 {
				t.Error("the service is free")
			}
		})
	}
}

// Whether tasks have public addresses may be known only after a deployment:
// then the addresses are unpriced, not absent.
func TestUnknownPublicAddressesAreUnpriced(t *testing.T) {
	s := web("a", design.Count(1))
	s.AssignPublicIP = design.NotKnown[bool]("known after apply")
	if got := unpriced(run(t, in("us-east-1", s))); len(got) != 1 || got[0] != "known after apply" {
		t.Errorf("unpriced: %q", got)
	}
}

// Reserved Instances are known for Linux; another system's are refused and not
// priced as Linux.
func TestReservationsWithoutARateAreRefused(t *testing.T) {
	for _, c := range []struct {
		name        string
		reservation design.Reservation
		want        string
	}{
		{"Windows", design.Reservation{InstanceType: "m5.large", OS: design.Windows, Count: 1}, "commitments.reservations[0]: the price snapshot has Reserved Instance rates of Linux only"},
		{"half an instance", design.Reservation{InstanceType: "m5.large", Count: 1.5}, "commitments.reservations[0]: count 1.5: want a whole number of instances"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := in("us-east-1", web("a", design.Count(1)))
			w.Commitments.Reservations = []design.Reservation{c.reservation}
			if _, err := estimate.Run(w, pricing.Embedded(), estimate.Options{}); err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// What a secret costs to read is not silently nothing where nobody says how
// often tasks start.
func TestUncountedSecretReadsAreSaid(t *testing.T) {
	w := in("us-east-1", web("a", design.Count(1)))
	w.Secrets = []design.SecretStore{{Name: "a", Service: "a", Secrets: design.Know(2.0)}}
	if got := fmt.Sprint(run(t, w).Assumptions); !strings.Contains(got, "reads at task starts are not counted") {
		t.Errorf("assumptions: %s", got)
	}
}
