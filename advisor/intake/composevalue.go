package intake

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"ecsavvy/advisor/design"
)

// fillDefaults replaces a Compose file's variables by the defaults that stand
// beside them: ${REPLICAS:-2}. The environment is never looked at, so a
// variable without a default stays open and the text as it was written.
// Source: "Interpolation", docs.docker.com/reference/compose-file/interpolation.
func fillDefaults(text string) filled { return fillNested(text, 0) }

// maxNestedDefaults bounds ${A:-${B:-…}}.
const maxNestedDefaults = 20

func fillNested(text string, depth int) filled {
	if !strings.Contains(text, "$") {
		return filled{text: text}
	}
	var b strings.Builder
	assumed := false
	for i := 0; i < len(text); {
		if text[i] != '$' || i+1 == len(text) {
			b.WriteByte(text[i])
			i++
			continue
		}
		switch next := text[i+1]; {
		case next == '$':
			b.WriteByte('$')
			i += 2
		case next == '{':
			end := closingBrace(text, i+1)
			value, ok := defaultOf(text[i+2:max(end, i+2)], depth)
			if end < 0 || !ok {
				return filled{text: text, open: true}
			}
			assumed = true
			b.WriteString(value)
			i = end + 1
		case nameByte(next, true):
			return filled{text: text, open: true}
		default:
			b.WriteByte('$')
			i++
		}
	}
	return filled{text: b.String(), assumed: assumed}
}

// closingBrace finds the end of what opens at from, -1 if there is none.
func closingBrace(text string, from int) int {
	depth := 0
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// defaultOf is the default in NAME:-default or NAME-default.
func defaultOf(inner string, depth int) (value string, ok bool) {
	end := 0
	for end < len(inner) && nameByte(inner[end], end == 0) {
		end++
	}
	rest, found := strings.CutPrefix(strings.TrimPrefix(inner[end:], ":"), "-")
	if !found || end == 0 || depth > maxNestedDefaults {
		return "", false
	}
	f := fillNested(rest, depth+1)
	return f.text, !f.open
}

func nameByte(c byte, first bool) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || !first && c >= '0' && c <= '9'
}

// wantMemory and wantCPUs complete "want …".
const (
	wantMemory = "an amount of memory with its unit, such as 512M or 2g"
	wantCPUs   = `a number of CPUs, such as "0.5"`
)

// parseBytes reads Compose's byte value in GB: a number with b, k, m, g, t, or p,
// in binary units; a number alone counts bytes.
// Source: "Specifying byte values", docs.docker.com/reference/compose-file/extension,
// and RAMInBytes of github.com/docker/go-units, which compose-go calls.
func parseBytes(text string) (gb float64, err error) {
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.') {
		end++
	}
	n, err := strconv.ParseFloat(text[:end], 64)
	if err != nil || math.IsInf(n, 0) {
		return 0, errPlain
	}
	unit := strings.ToLower(strings.TrimPrefix(text[end:], " "))
	scale := 0
	if unit != "" {
		if at := strings.IndexByte("kmgtp", unit[0]); at >= 0 {
			scale, unit = at+1, unit[1:]
		}
		unit = strings.TrimSuffix(strings.TrimPrefix(unit, "i"), "b")
	}
	if unit != "" {
		return 0, errPlain
	}
	gb = n * math.Pow(1024, float64(scale-3))
	if gb > 0 && gb < minContainerGB {
		return 0, fmt.Errorf("that is %s bytes, less than a container can run in; is a unit missing?", brief(gb*(1<<30)))
	}
	return gb, nil
}

// minContainerGB is 4 MiB, the least memory that ECS lets a container have
// (6 MiB since Docker 20.10).
// Source: the container parameter memory in
// docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html.
const minContainerGB = 4.0 / design.MiBPerGB

// parseCPUs reads a number of CPUs. ECS's units (1,024 to a vCPU) are a common
// mistake here: no instance that ECS runs on has as many CPUs as the smallest of
// them.
func parseCPUs(text string) (vcpu float64, err error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return 0, errPlain
	}
	if n >= 1024 || n == 256 || n == 512 {
		return 0, fmt.Errorf("these are CPUs, not ECS's CPU units; is %s meant?", brief(n/design.CPUUnitsPerVCPU))
	}
	return n, nil
}

// brief formats a number for a note, without needless digits.
func brief(n float64) string {
	return strconv.FormatFloat(math.Round(n*1000)/1000, 'f', -1, 64)
}

// memoryText writes an amount of memory as people say it.
func memoryText(gb float64) string {
	if gb < 1 {
		return brief(gb*design.MiBPerGB) + " MiB"
	}
	return brief(gb) + " GB"
}
