package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxInput bounds what is read as one input: a Terraform plan of ten thousand
// services has some 60 MB.
const maxInput = 256 << 20

// readLimited reads a file, or says that it is too large to be an input.
func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, withoutOperation(err)
	}
	defer f.Close()
	size := int64(0)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		size = min(info.Size(), maxInput+1)
	}
	return readSized(f, size)
}

// readAll reads to the end, up to maxInput.
func readAll(r io.Reader) ([]byte, error) { return readSized(r, 0) }

// readSized reads to the end of what is expected to have a size: a buffer that
// is large enough from the start never has to be copied into a larger one.
func readSized(r io.Reader, size int64) ([]byte, error) {
	var buf bytes.Buffer
	buf.Grow(int(size) + bytes.MinRead)
	if _, err := buf.ReadFrom(io.LimitReader(r, maxInput+1)); err != nil {
		return nil, withoutOperation(err)
	}
	if buf.Len() > maxInput {
		return nil, fmt.Errorf("larger than %d MB", maxInput>>20)
	}
	return buf.Bytes(), nil
}

// withoutOperation is what the system says without "open x: ", which the
// caller's message has already.
func withoutOperation(err error) error {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		return pathError.Err
	}
	return err
}

// writeAtomically writes a file so that a reader sees the old or the new
// content and never a part: into a new file beside it, then renamed. What is
// no regular file (a device, a pipe) is written to as it is.
func writeAtomically(path string, data []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return errors.Join(err, f.Close())
	}
	part := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.part", filepath.Base(path), os.Getpid()))
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		// The name of the part is ours; the reader knows the path.
		return &os.PathError{Op: "open", Path: path, Err: withoutOperation(err)}
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		if info, statErr := os.Stat(path); statErr == nil {
			err = os.Chmod(part, info.Mode().Perm())
		}
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
	}
	return err
}
