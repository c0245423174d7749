package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"ecsavvy/advisor/intake"
	"ecsavvy/cmd/internal/guardrail"
)

// settings are what a command takes from ecsavvy.yaml.
type settings struct {
	intake.Settings
	// path is the file, "" where there is none.
	path string
}

// findSettings reads the settings file that is chosen, or else the one beside
// the inputs, or else the one in the root of their git repository. A file of
// that name that is a design is none.
func findSettings(d *deps, chosen string, inputs []string) (settings, error) {
	if chosen != "" {
		data, err := d.files.read(chosen)
		if err != nil {
			return settings{}, fmt.Errorf("reading %s: %w", chosen, withoutOperation(err))
		}
		return readSettings(chosen, data)
	}
	var found settings
	for _, dir := range settingsDirs(d, inputs) {
		s, err := settingsIn(d, dir)
		if err != nil {
			return settings{}, err
		}
		switch {
		case s.path == "" || s.path == found.path:
		case found.path != "":
			return settings{}, fmt.Errorf("two settings files lie beside the inputs, %s and %s; choose one with --config-file", found.path, s.path)
		default:
			found = s
		}
	}
	if found.path != "" {
		return found, nil
	}
	if root, ok := repositoryRoot(d, settingsDirs(d, inputs)); ok {
		return settingsIn(d, root)
	}
	return settings{}, nil
}

// addConfigFile adds the flag that chooses the settings file.
func addConfigFile(cmd *cobra.Command, name *string) {
	cmd.Flags().StringVar(name, "config-file", "", "settings `file` instead of the ecsavvy.yaml beside the input or in the repository's root")
}

// settingsDirs are the directories of the inputs, each once.
func settingsDirs(d *deps, inputs []string) []string {
	var dirs []string
	seen := map[string]bool{}
	for _, name := range inputs {
		dir := filepath.Dir(name)
		if name == "-" {
			dir = "."
		} else if info, err := d.files.stat(name); err == nil && info.IsDir() {
			dir = filepath.Clean(name)
		}
		if !seen[dir] {
			seen[dir] = true
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// settingsIn reads the settings file of a directory, if it has one.
func settingsIn(d *deps, dir string) (settings, error) {
	for _, name := range designNames() {
		path := filepath.Join(dir, name)
		data, err := d.files.read(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return settings{}, fmt.Errorf("reading %s: %w", path, withoutOperation(err))
		case intake.IsSettings(path, data):
			return readSettings(path, data)
		}
	}
	return settings{}, nil
}

// readSettings reads a settings file; an empty one sets nothing.
func readSettings(path string, data []byte) (settings, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return settings{path: path}, nil
	}
	read, err := intake.ReadSettings(path, data)
	return settings{Settings: read, path: path}, err
}

// repositoryRoot is the nearest directory above the inputs, or above the
// working directory, that git knows.
func repositoryRoot(d *deps, dirs []string) (string, bool) {
	for _, dir := range append(dirs, ".") {
		dir, err := filepath.Abs(dir)
		if err != nil {
			continue
		}
		for {
			if _, err := d.files.stat(filepath.Join(dir, ".git")); err == nil {
				return shortened(dir), true
			}
			parent := filepath.Dir(dir)
			if parent == dir {
				break
			}
			dir = parent
		}
	}
	return "", false
}

// shortened is an absolute directory as seen from the working directory, where
// that is shorter.
func shortened(dir string) string {
	here, err := filepath.Abs(".")
	if err != nil {
		return dir
	}
	if rel, err := filepath.Rel(here, dir); err == nil && len(rel) < len(dir) {
		return rel
	}
	return dir
}

// apply lays the settings below the flags: what a flag says stays.
func (s *settings) apply(o *inputOptions) {
	if s.HoursPerMonth > 0 && !o.hoursGiven {
		o.hours = s.HoursPerMonth
	}
}

// rules are the guardrails of the file.
func (s *settings) rules() []guardrail.Rule {
	rules := make([]guardrail.Rule, len(s.Guardrails))
	for i, g := range s.Guardrails {
		rules[i] = guardrail.Rule{
			Name: g.Name, When: g.When.Text, Message: g.Message, Per: guardrail.Scope(g.Per),
			Place: fmt.Sprintf("%s:%d:%d", s.path, g.When.Line, g.When.Col),
		}
	}
	return rules
}
