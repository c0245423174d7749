package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// gitPairs reads both sides of every path from two revisions.
func (o *changeOptions) gitPairs(head *reader) ([]pair, error) {
	repo, err := openRepo(head.deps.git)
	if err != nil {
		return nil, err
	}
	defer repo.close()
	r, err := repo.parseRange(o.git)
	if err != nil {
		return nil, err
	}
	base := *head
	if base.files, err = repo.files(r.base, r.baseName); err != nil {
		return nil, err
	}
	base.prefix = r.baseName + ":"
	if r.head != "" {
		if head.files, err = repo.files(r.head, r.headName); err != nil {
			return nil, err
		}
		head.prefix = r.headName + ":"
	} else {
		r.headName = "the working tree"
	}
	var before, after []source
	var problems []error
	for _, path := range o.args {
		if _, err := repo.inTree(path); err != nil {
			problems = append(problems, fmt.Errorf("--git: %w", err))
			continue
		}
		was, wasErr := base.findInRevision(path)
		is, isErr := head.findInRevision(path)
		if absent(wasErr) && absent(isErr) {
			problems = append(problems, fmt.Errorf("--git: %s is neither at %s nor at %s", path, r.baseName, r.headName))
			continue
		}
		// A path of one side only was added or removed.
		for _, err := range []error{wasErr, isErr} {
			if err != nil && !absent(err) {
				problems = append(problems, err)
			}
		}
		before, after = append(before, was...), append(after, is...)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return pairUp(&base, before, head, after)
}

// absent reports whether a side has nothing at a path: no file, or a directory
// without inputs.
func absent(err error) bool {
	_, empty := errors.AsType[*noInputError](err)
	return empty || errors.Is(err, fs.ErrNotExist)
}

// findInRevision finds the sources of one path and calls them by it, so that
// both sides know them by one key.
func (r *reader) findInRevision(path string) ([]source, error) {
	sources, err := r.findOne(path)
	for i := range sources {
		sources[i].key = filepath.ToSlash(filepath.Clean(sources[i].name))
	}
	return sources, err
}
