package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"ecsavvy/advisor/live"
	"ecsavvy/pricing"
)

// deps is what commands take from outside the process.
type deps struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	// terminal reports whether stdout is one.
	terminal func() bool
	env      func(name string) (string, bool)
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error // nil is the clock's
	files    fileSystem
	// git makes a command of the git binary.
	git     func(args ...string) *exec.Cmd
	catalog func() *pricing.Catalog
	version string
	// patience is how long AWS is tried; the zero value is the usual one.
	patience live.Patience
}

// fileSystem is the part of the operating system's files that commands use.
type fileSystem struct {
	read  func(path string) ([]byte, error)
	stat  func(path string) (os.FileInfo, error)
	list  func(dir string) ([]os.DirEntry, error)
	write func(path string, data []byte) error
	glob  func(pattern string) ([]string, error)
}

// systemDeps are those of the running process.
func systemDeps() *deps {
	// A reader that goes away is an error with a message, not a silent death.
	signal.Ignore(syscall.SIGPIPE)
	return &deps{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		terminal: func() bool {
			info, err := os.Stdout.Stat()
			return err == nil && info.Mode()&os.ModeCharDevice != 0
		},
		env: os.LookupEnv,
		now: time.Now,
		files: fileSystem{
			read: readLimited, stat: os.Stat, list: os.ReadDir, write: writeAtomically, glob: filepath.Glob,
		},
		git:     systemGit,
		catalog: sync.OnceValue(pricing.Embedded),
		version: version,
	}
}
