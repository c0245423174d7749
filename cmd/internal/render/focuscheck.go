package render

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checkFocus holds rows to FOCUS 1.2: the columns' types, nulls and allowed
// values, and the rules that tie columns together. The rows are ours, so what it
// finds is a fault of this program; a wrong file would be found in somebody
// else's.
func checkFocus(columns []focusColumn, records Records) error {
	numeric := regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	index := map[string]int{}
	for i, c := range columns {
		index[c.name] = i
	}
	for n, row := range records.Rows {
		for i, c := range columns {
			if err := c.check(row[i], numeric); err != nil {
				return fmt.Errorf("writing FOCUS: row %d: %s %q: %w", n+1, c.name, row[i], err)
			}
		}
		if err := checkFocusRow(func(name string) string {
			if i, ok := index[name]; ok {
				return row[i]
			}
			return ""
		}); err != nil {
			return fmt.Errorf("writing FOCUS: row %d: %w", n+1, err)
		}
	}
	return nil
}

// check holds one cell to its column.
func (c focusColumn) check(cell string, numeric *regexp.Regexp) error {
	if cell == "" {
		if c.nullable {
			return nil
		}
		return fmt.Errorf("may not be null")
	}
	if c.allowed != nil && !slices.Contains(c.allowed, cell) {
		return fmt.Errorf("want one of %s", strings.Join(c.allowed, ", "))
	}
	switch c.kind {
	case focusNumber:
		if !numeric.MatchString(cell) || c.positive && strings.HasPrefix(cell, "-") {
			return fmt.Errorf("want a decimal number, not negative if a price")
		}
	case focusTime:
		if at, err := time.Parse("2006-01-02T15:04:05Z", cell); err != nil || at.IsZero() {
			return fmt.Errorf("want a time as 2026-10-01T00:00:00Z")
		}
	case focusObject:
		var object map[string]any
		if err := json.Unmarshal([]byte(cell), &object); err != nil {
			return fmt.Errorf("want a JSON object: %w", err)
		}
	case focusCurrency:
		if cell != "USD" {
			return fmt.Errorf("want USD")
		}
	}
	return nil
}

// checkFocusRow holds a row to the rules over several columns that FOCUS 1.2
// gives for charges of usage, which all of ours are.
func checkFocusRow(cell func(string) string) error {
	for _, pair := range [][2]string{
		{"RegionName", "RegionId"}, {"SubAccountName", "SubAccountId"}, {"SubAccountType", "SubAccountId"},
		{"ResourceType", "ResourceId"}, {"PricingUnit", "PricingQuantity"}, {"ConsumedUnit", "ConsumedQuantity"},
		{"CommitmentDiscountType", "CommitmentDiscountId"}, {"CommitmentDiscountCategory", "CommitmentDiscountId"},
		{"CommitmentDiscountStatus", "CommitmentDiscountId"}, {"CommitmentDiscountQuantity", "CommitmentDiscountId"},
		{"CommitmentDiscountUnit", "CommitmentDiscountQuantity"},
	} {
		if (cell(pair[0]) == "") != (cell(pair[1]) == "") {
			return fmt.Errorf("%s %q and %s %q: want both or none", pair[0], cell(pair[0]), pair[1], cell(pair[1]))
		}
	}
	for _, name := range []string{"ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "PricingCategory", "SkuId", "SkuPriceId"} {
		if cell(name) == "" {
			return fmt.Errorf("%s may not be null on usage", name)
		}
	}
	if unused := cell("CommitmentDiscountStatus") == "Unused"; unused != (cell("x_ConsumedQuantity") == "") || unused && cell("ConsumedQuantity") != "" {
		return fmt.Errorf("ConsumedQuantity %q: want a quantity of usage, null for an unused commitment", cell("ConsumedQuantity"))
	}
	for _, kind := range []string{"List", "Contracted"} {
		price, _ := strconv.ParseFloat(cell(kind+"UnitPrice"), 64)
		quantity, _ := strconv.ParseFloat(cell("PricingQuantity"), 64)
		cost, _ := strconv.ParseFloat(cell(kind+"Cost"), 64)
		// The validator's own tolerance: 1e-9, relative above one.
		if math.Abs(price*quantity-cost) > 1e-9*max(math.Abs(cost), 1) {
			return fmt.Errorf("%sUnitPrice %v × PricingQuantity %v = %v, not %sCost %v", kind, price, quantity, price*quantity, kind, cost)
		}
	}
	return nil
}
