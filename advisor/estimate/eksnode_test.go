package estimate

import (
	"math"
	"testing"

	"ecsavvy/pricing"
)

// An m5.large has 8,192 MiB, of which the system shows 7,985: 7,985 − (255 +
// 11 × 110) − 100 MiB and 2 − 0.06 − 0.01 vCPU are left to pods.
func TestEKSNode(t *testing.T) {
	for _, c := range []struct {
		name     string
		vcpu, gb float64
		pods     int
	}{
		{"m5.large", 1.93, 6420.0 / 1024, 110},
		{"m5.xlarge", 3.92, (15970.0 - 1465 - 100) / 1024, 110},
		{"m5.8xlarge", 32 - 0.08 - 28*0.0025, (127760.0 - 255 - 2750 - 100) / 1024, 250},
	} {
		kind, err := pricing.Embedded().InstanceType(c.name)
		if err != nil {
			t.Fatal(err)
		}
		n := eksNode(kind)
		if math.Abs(n.VCPU-c.vcpu) > 1e-9 || math.Abs(n.GB-c.gb) > 1e-9 || n.Slots != c.pods {
			t.Errorf("%s: %.4f vCPU, %.4f GB, %d pods; want %.4f, %.4f, %d", c.name, n.VCPU, n.GB, n.Slots, c.vcpu, c.gb, c.pods)
		}
	}
}
