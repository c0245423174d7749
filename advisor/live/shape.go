package live

import (
	"reflect"
	"strings"
	"time"
)

// lowerShape and upperShape turn an output of the SDK into what the AWS CLI prints
// of it: members under the names of the API, which ECS, ECR, Logs and Savings Plans
// begin with a small letter. What is not set is left out. The snapshot then keeps
// what its lists allow, and nothing else.
func lowerShape(out any) any { return shape(reflect.ValueOf(out), true) }
func upperShape(out any) any { return shape(reflect.ValueOf(out), false) }

func shape(v reflect.Value, lower bool) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return shape(v.Elem(), lower)
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return t.UTC().Format(time.RFC3339)
		}
		return members(v, lower)
	case reflect.Slice:
		list := make([]any, 0, v.Len())
		for i := range v.Len() {
			list = append(list, shape(v.Index(i), lower))
		}
		return list
	case reflect.Map:
		members := make(map[string]any, v.Len())
		for _, key := range v.MapKeys() {
			members[key.String()] = shape(v.MapIndex(key), lower)
		}
		return members
	default:
		return v.Interface()
	}
}

func members(v reflect.Value, lower bool) map[string]any {
	kept := make(map[string]any)
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" || unset(value) {
			continue
		}
		name := field.Name
		if lower {
			name = strings.ToLower(name[:1]) + name[1:]
		}
		kept[name] = shape(value, lower)
	}
	return kept
}

// unset reports what AWS did not send: numbers and flags that are no pointers have
// a default, and are there.
func unset(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}
