package render

import (
	"testing"

	"ecsavvy/advisor/estimate"
)

func TestResourceTitle(t *testing.T) {
	tests := []struct {
		kind          estimate.Kind
		cluster, name string
		ambiguous     bool
		want          string
	}{
		{estimate.KindService, "web", "api", false, "service api"},
		{estimate.KindService, "web", "api", true, "service web/api"},
		{estimate.KindService, "", "payment service", false, "service payment service"},
		{estimate.KindNAT, "", "NAT gateway", false, "NAT gateway"},
		{estimate.KindNAT, "", "natural", false, "NAT natural"},
		{estimate.KindInstances, "web", "Managed Instances", false, "Managed Instances"},
		{estimate.KindNetwork, "", "network", false, "network"},
		{estimate.KindAlarms, "", "", false, "alarms"},
	}
	for _, tt := range tests {
		res := &estimate.Resource{Kind: tt.kind, Cluster: tt.cluster, Name: tt.name}
		if got := resourceTitle(res, tt.ambiguous); got != tt.want {
			t.Errorf("%s %q is called %q, want %q", tt.kind, tt.name, got, tt.want)
		}
	}
}
