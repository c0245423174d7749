package design

import (
	"math"
	"testing"
)

func TestParseUnits(t *testing.T) {
	tests := []struct {
		name    string
		parse   func(string) (float64, error)
		in      string
		want    float64
		wantErr string
	}{
		{"cpu units", ParseCPU, "256", 0.25, ""},
		{"cpu units of a plan", ParseCPU, " 1024 ", 1, ""},
		{"vcpu without a leading zero", ParseCPU, ".5 vCPU", 0.5, ""},
		{"vcpu in odd capitals, with spaces", ParseCPU, "16     vCpU", 16, ""},
		{"vcpu without a space", ParseCPU, "1vcpu", 1, ""},
		{"no cpu", ParseCPU, "big", 0, `want CPU units or "N vCPU", got "big"`},
		{"no unit of cpu", ParseCPU, "2 cores", 0, `want CPU units or "N vCPU", got "2 cores"`},
		{"negative cpu", ParseCPU, "-256", 0, `want CPU units or "N vCPU", got "-256"`},
		{"infinite cpu", ParseCPU, "1e999", 0, `want CPU units or "N vCPU", got "1e999"`},
		{"empty cpu", ParseCPU, "", 0, `want CPU units or "N vCPU", got ""`},
		{"MiB", ParseMemory, "512", 0.5, ""},
		{"MiB with a unit", ParseMemory, "512 MiB", 0.5, ""},
		{"GB in small letters", ParseMemory, "2 gb", 2, ""},
		{"GB with a fraction", ParseMemory, "0.5GB", 0.5, ""},
		{"no memory", ParseMemory, "2 TB", 0, `want MiB or "N GB", got "2 TB"`},
		{"GB", ParseGB, "100GB", 100, ""},
		{"TB", ParseGB, "1.5 TB", 1536, ""},
		{"MB", ParseGB, "300 MB", 300.0 / 1024, ""},
		{"KB", ParseGB, "1KiB", 1.0 / (1 << 20), ""},
		{"PB", ParseGB, "1PB", 1 << 20, ""},
		{"exponent", ParseGB, "1e3GB", 1000, ""},
		{"data without a unit", ParseGB, "100", 0, `want an amount in KB, MB, GB, TB or PB, got "100"`},
		{"bits", ParseGB, "100Gbit", 0, `want an amount in KB, MB, GB, TB or PB, got "100Gbit"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.parse(tt.in)
			if message(err) != tt.wantErr {
				t.Errorf("error %q, want %q", message(err), tt.wantErr)
			}
			if math.Abs(got-tt.want) > 1e-12 {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
