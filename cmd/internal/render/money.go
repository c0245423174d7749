package render

import (
	"math"
	"strconv"
	"strings"
)

// money prints cents as USD with thousands separators: "1,234.50".
func money(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return sign + thousands(strconv.FormatInt(cents/100, 10)) + "." + strconv.FormatInt(cents%100/10, 10) + strconv.FormatInt(cents%10, 10)
}

// printedCost is money for an amount whose exact value is known: what costs
// something and was apportioned no cent prints as less than one, so that only
// what is free prints 0.00.
func printedCost(cents int64, exact float64) string {
	if cents == 0 && exact > 0 {
		return "<0.01"
	}
	return money(cents)
}

// thousands puts a comma between groups of three digits.
func thousands(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	head := len(digits) % 3
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// quantityDigits is how many digits a quantity shows in tables; its whole part
// is never cut.
const quantityDigits = 5

// quantity prints a quantity for reading: five significant digits, the whole
// part complete, thousands separated.
func quantity(q float64) string {
	decimals := 0
	if q != 0 {
		decimals = quantityDigits - 1 - int(math.Floor(math.Log10(math.Abs(q))))
	}
	text := strconv.FormatFloat(q, 'f', min(max(decimals, 0), 12), 64)
	whole, fraction, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	fraction = strings.TrimRight(fraction, "0")
	if fraction == "" {
		return sign + thousands(whole)
	}
	return sign + thousands(whole) + "." + fraction
}

// exactDigits is the number of significant decimal digits that sums of many
// float64 keep: 15 less what adding a thousand lines can lose.
const exactDigits = 13

// decimal is a number as an exact short decimal, for programs: the binary
// noise of sums is off, no digit that means something is.
func decimal(f float64) string {
	if math.IsInf(f, 1) {
		return "Inf"
	}
	shortest := strconv.FormatFloat(f, 'f', -1, 64)
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', exactDigits, 64), 64)
	if err != nil {
		return shortest
	}
	if text := strconv.FormatFloat(rounded, 'f', -1, 64); len(text) < len(shortest) {
		return text
	}
	return shortest
}

// unitPriceDigits is how many digits an averaged price shows in tables.
const unitPriceDigits = 6

// unitPrice prints USD a unit for reading. Prices as AWS publishes them are
// printed in full; only averages over tiers are cut.
func unitPrice(usd float64) string {
	text := decimal(usd)
	if len(strings.TrimLeft(strings.ReplaceAll(text, ".", ""), "0")) <= 9 {
		return groupWhole(text)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(usd, 'g', unitPriceDigits, 64), 64)
	if err != nil {
		return text
	}
	return groupWhole(strconv.FormatFloat(rounded, 'f', -1, 64))
}

// groupWhole separates the thousands of a decimal.
func groupWhole(text string) string {
	whole, fraction, ok := strings.Cut(text, ".")
	if !ok {
		return thousands(whole)
	}
	return thousands(whole) + "." + fraction
}
