package advisor

import (
	"math"
	"strconv"
	"strings"
)

// short is a number for a sentence: five significant digits, no trailing
// zeros, the whole part never cut.
func short(x float64) string {
	if x == 0 {
		return "0"
	}
	decimals := 4 - int(math.Floor(math.Log10(math.Abs(x))))
	text := strconv.FormatFloat(x, 'f', min(max(decimals, 0), 12), 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
