package guardrail

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// objectTypes teaches CEL's type checker the objects of the vocabulary, so
// that a misspelt field is an error before anything runs, and its interpreter
// how to read them without reflection.
type objectTypes struct {
	types.Provider
	objects map[string]*object
}

func newObjectTypes(v *vocabulary) (*objectTypes, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, fmt.Errorf("guardrail: making CEL's types: %w", err)
	}
	t := &objectTypes{Provider: registry, objects: map[string]*object{}}
	for i := range v.objects {
		t.objects[v.objects[i].typeName()] = &v.objects[i]
	}
	return t, nil
}

// FindStructType returns the type of an object.
func (t *objectTypes) FindStructType(name string) (*types.Type, bool) {
	if _, ok := t.objects[name]; ok {
		return types.NewTypeTypeWithParam(cel.ObjectType(name)), true
	}
	return t.Provider.FindStructType(name)
}

// FindStructFieldNames lists the fields of an object.
func (t *objectTypes) FindStructFieldNames(name string) ([]string, bool) {
	o, ok := t.objects[name]
	if !ok {
		return t.Provider.FindStructFieldNames(name)
	}
	names := make([]string, len(o.fields))
	for i := range o.fields {
		names[i] = o.fields[i].name
	}
	return names, true
}

// FindStructFieldType returns a field's type and how to read it.
func (t *objectTypes) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	o, ok := t.objects[name]
	if !ok {
		return t.Provider.FindStructFieldType(name, field)
	}
	w, ok := o.field(field)
	if !ok {
		return nil, false
	}
	return &types.FieldType{
		Type: w.kind,
		IsSet: func(target any) bool {
			_, err := w.read(target)
			return err == nil
		},
		GetFrom: w.read,
	}, true
}

// NewValue refuses: expressions read objects and make none.
func (t *objectTypes) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if _, ok := t.objects[name]; ok {
		return types.NewErr("%s cannot be made in an expression", name)
	}
	return t.Provider.NewValue(name, fields)
}

// read gets a field of what CEL holds as the object.
func (w *word) read(target any) (any, error) {
	at, ok := target.(*look)
	if !ok {
		return nil, fmt.Errorf("%s is read of a %T", w.name, target)
	}
	return w.get(at)
}

// variables are what one evaluation can name. It is CEL's activation.
type variables struct {
	look
	words map[string]*word
	// lookups are the names of objects, which are all the look itself.
	objects map[string]*object
}

// ResolveName finds a variable.
func (v *variables) ResolveName(name string) (any, bool) {
	if w, ok := v.words[name]; ok {
		value, err := w.get(&v.look)
		if err != nil {
			return types.WrapErr(err), true
		}
		return value, true
	}
	if _, ok := v.objects[name]; ok {
		return &v.look, true
	}
	return nil, false
}

// Parent is nil: there is one level of names.
func (v *variables) Parent() cel.Activation { return nil }
