//go:build unix

package history

import (
	"os/signal"
	"strconv"
	"syscall"
)

// limitFileSize has writes beyond a size fail with EFBIG, instead of the signal.
func limitFileSize(text string) error {
	limit, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit})
}
