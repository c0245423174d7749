package render

import (
	"math"
	"testing"
)

func TestNumbers(t *testing.T) {
	tests := []struct {
		name, got, want string
	}{
		{"money", money(123456789), "1,234,567.89"},
		{"money below a dollar", money(7), "0.07"},
		{"money below zero", money(-123456), "-1,234.56"},
		{"free", printedCost(0, 0), "0.00"},
		{"less than a cent is not free", printedCost(0, 0.0004), "<0.01"},
		{"a cent by apportioning", printedCost(1, 0.0004), "0.01"},
		{"quantity whole", quantity(1460), "1,460"},
		{"quantity whole part is never cut", quantity(1234567.891), "1,234,568"},
		{"quantity of five digits", quantity(243.333333), "243.33"},
		{"quantity small", quantity(0.000123456789), "0.00012346"},
		{"quantity zero", quantity(0), "0"},
		{"quantity negative", quantity(-1234.5), "-1,234.5"},
		{"decimal without binary noise", decimal(0.1 + 0.2), "0.3"},
		{"decimal keeps what is meant", decimal(0.0000000308), "0.0000000308"},
		{"decimal of many lines", decimal(36.040099999999995), "36.0401"},
		{"decimal whole", decimal(730), "730"},
		{"decimal without end", decimal(math.Inf(1)), "Inf"},
		{"published price in full", unitPrice(0.0000166667), "0.0000166667"},
		{"published price of eight digits", unitPrice(0.01468459), "0.01468459"},
		{"averaged price is cut", unitPrice(0.0873333333333), "0.0873333"},
		{"large price", unitPrice(1234.5), "1,234.5"},
		{"cents of a binary half", money(toCents(0.145)), "0.15"},
		{"cents below a half", money(toCents(0.1449)), "0.14"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestUnit(t *testing.T) {
	tests := []struct{ aws, usageType, want string }{
		{"hours", "Fargate-vCPU-Hours:perCPU", "vCPU-h"},
		{"hours", "Fargate-ARM-GB-Hours", "GB-h"},
		{"hours", "Fargate-Windows-OS-Hours:perCPU", "vCPU-h"},
		{"GB-Hours", "Fargate-EphemeralStorage-GB-Hours", "GB-h"},
		{"Hrs", "NatGateway-Hours", "h"},
		{"LCU-Hrs", "LCUUsage", "LCU-h"},
		{"GB-Mo", "TimedStorage-ByteHrs", "GB-mo"},
		{"GB", "DataProcessing-Bytes", "GB"},
		{"API Requests", "AWSSecretsManagerAPIRequest", "calls"},
		{"Secrets", "AWSSecretsManager-Secrets", "secrets"},
		{"Resource-Mo", "CloudMapResource-Mo", "resource-mo"},
	}
	for _, tt := range tests {
		if got := unit(tt.aws, tt.usageType); got != tt.want {
			t.Errorf("unit(%q, %q) = %q, want %q", tt.aws, tt.usageType, got, tt.want)
		}
	}
}
