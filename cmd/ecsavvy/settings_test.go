package main

import (
	"testing"

	"ecsavvy/advisor/intake"
	"ecsavvy/fixtures"
)

// TestSettingsSchema holds the schema for editors to what the reader's table
// makes.
func TestSettingsSchema(t *testing.T) {
	const file = "config.schema.json"
	got := intake.SettingsSchema()
	fixtures.Golden(t, got, "../cmd/ecsavvy/"+file)
}
