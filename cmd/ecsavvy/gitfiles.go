package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"time"
)

// files are the files of a commit, read through one git cat-file process.
func (g *gitRepo) files(oid, name string) (fileSystem, error) {
	b, err := g.startBatch()
	if err != nil {
		return fileSystem{}, err
	}
	at := func(file string) (gitObject, error) {
		below, err := g.inTree(file)
		if err != nil {
			return gitObject{}, err
		}
		return b.get(oid, below, name)
	}
	return fileSystem{
		read: func(file string) ([]byte, error) {
			o, err := at(file)
			switch {
			case err != nil:
				return nil, err
			case o.kind != "blob":
				return nil, errors.New("is a directory")
			case bytes.HasPrefix(o.data, []byte("version https://git-lfs.github.com/")):
				return nil, fmt.Errorf("is a Git LFS pointer at %s; its content is not in the repository", name)
			}
			return o.data, nil
		},
		stat: func(file string) (os.FileInfo, error) {
			o, err := at(file)
			if err != nil {
				return nil, err
			}
			return gitEntry{name: path.Base(file), dir: o.kind == "tree", size: int64(len(o.data))}, nil
		},
		list: func(dir string) ([]os.DirEntry, error) {
			o, err := at(dir)
			if err != nil {
				return nil, err
			}
			return o.entries()
		},
		write: func(string, []byte) error { return errors.New("a revision cannot be written to") },
	}, nil
}

// gitBatch is a running git cat-file --batch: it takes names and answers with
// contents, so that a thousand files cost one process.
type gitBatch struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	last gitObject // asked about first, then read
}

// gitObject is a file or a directory of a commit.
type gitObject struct {
	name string // "<commit>:<path>"
	kind string // "blob" or "tree"
	data []byte
	oid  string
}

func (g *gitRepo) startBatch() (*gitBatch, error) {
	cmd := g.command("cat-file", "--batch", "--follow-symlinks")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("running git cat-file: %w", err)
	}
	b := &gitBatch{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 64<<10)}
	g.batches = append(g.batches, b)
	return b, nil
}

// get reads an object; what is not there is fs.ErrNotExist. rev is what the
// user called the commit.
func (b *gitBatch) get(commit, file, rev string) (gitObject, error) {
	name := commit + ":" + file
	if b.last.name == name {
		return b.last, nil
	}
	if _, err := io.WriteString(b.in, name+"\n"); err != nil {
		return gitObject{}, fmt.Errorf("asking git cat-file: %w", err)
	}
	header, err := b.out.ReadString('\n')
	if err != nil {
		return gitObject{}, fmt.Errorf("git cat-file ended early: %w", err)
	}
	header = strings.TrimSuffix(header, "\n")
	if header == name+" missing" {
		return gitObject{}, &missingAt{rev}
	}
	first, rest, _ := strings.Cut(header, " ")
	kind, length, known := strings.Cut(rest, " ")
	if !known {
		// "symlink 12", "dangling 5", "loop 7", "notdir 4": a link that leads
		// nowhere inside the commit; its name follows.
		kind, length = first, rest
	}
	size, err := strconv.ParseInt(length, 10, 64)
	if err != nil || size < 0 {
		return gitObject{}, fmt.Errorf("git cat-file answered %q", header)
	}
	if size > maxInput {
		b.close()
		return gitObject{}, fmt.Errorf("larger than %d MB", maxInput>>20)
	}
	data := make([]byte, size+1) // a line feed follows
	if _, err := io.ReadFull(b.out, data); err != nil {
		return gitObject{}, fmt.Errorf("git cat-file ended early: %w", err)
	}
	switch kind {
	case "blob", "tree":
		b.last = gitObject{name: name, kind: kind, data: data[:size], oid: first}
		return b.last, nil
	case "dangling":
		return gitObject{}, &missingAt{rev}
	case "symlink":
		return gitObject{}, errors.New("is a link out of the repository")
	case "loop":
		return gitObject{}, errors.New("is a link that leads to itself")
	case "notdir":
		return gitObject{}, errors.New("leads through something that is no directory")
	default:
		return gitObject{}, fmt.Errorf("is a %s in git, want a file", kind)
	}
}

// missingAt says that a commit does not have a path.
type missingAt struct{ rev string }

func (m *missingAt) Error() string        { return "not there at " + m.rev }
func (m *missingAt) Is(target error) bool { return target == fs.ErrNotExist }

// entries lists a tree object: "<mode> <name>\0<object name in bytes>" each.
func (o gitObject) entries() ([]os.DirEntry, error) {
	if o.kind != "tree" {
		return nil, errors.New("is not a directory")
	}
	raw := len(o.oid) / 2 // 20 bytes of SHA-1, 32 of SHA-256
	var list []os.DirEntry
	for data := o.data; len(data) > 0; {
		head, rest, ok := bytes.Cut(data, []byte{0})
		mode, name, named := strings.Cut(string(head), " ")
		if !ok || !named || len(rest) < raw {
			return nil, errors.New("git cat-file answered a tree that ends early")
		}
		list = append(list, gitEntry{name: name, dir: mode == "40000" || mode == "160000"})
		data = rest[raw:]
	}
	return list, nil
}

// close ends the process.
func (b *gitBatch) close() {
	if b.cmd == nil {
		return
	}
	// Without input it ends by itself; what it still says is of no use.
	b.in.Close()
	b.cmd.Process.Kill()
	b.cmd.Wait()
	b.cmd = nil
}

// gitEntry is a file or directory of a commit as the os package would tell it.
type gitEntry struct {
	name string
	dir  bool
	size int64
}

func (e gitEntry) Name() string               { return e.name }
func (e gitEntry) IsDir() bool                { return e.dir }
func (e gitEntry) Size() int64                { return e.size }
func (e gitEntry) ModTime() time.Time         { return time.Time{} }
func (e gitEntry) Sys() any                   { return nil }
func (e gitEntry) Info() (fs.FileInfo, error) { return e, nil }
func (e gitEntry) Type() fs.FileMode          { return e.Mode().Type() }
func (e gitEntry) Mode() fs.FileMode {
	if e.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
