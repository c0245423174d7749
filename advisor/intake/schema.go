package intake

import (
	"encoding/json"
	"strings"
)

// DesignFileSchema is the JSON Schema (2020-12) of the design file, for
// editors. It is made from the same table as the reader, so it needs no file at
// run time; designfile.schema.json beside this source is its copy for editors
// and is held current by a test.
//
// The reader allows more than the schema in one respect: words in any
// capitalisation.
func DesignFileSchema() []byte { return schemaOf(documentForm().shape, "ecsavvy design file") }

// schemaOf writes the schema of a whole document.
func schemaOf(document *shape, title string) []byte {
	s := &schemaWriter{definitions: make(map[string]any)}
	root := s.mapping(document)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = title
	root["$defs"] = s.definitions
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // maps of texts and lists of them: it cannot fail
	}
	return append(out, '\n')
}

// schemaWriter collects the definitions of mappings that have a title.
type schemaWriter struct {
	definitions map[string]any
}

func (w *schemaWriter) schema(s *shape) map[string]any {
	switch {
	case s.any != nil:
		var alternatives []any
		for _, a := range s.any {
			alternatives = append(alternatives, w.schema(a))
		}
		return map[string]any{"anyOf": alternatives}
	case s.items != nil:
		return map[string]any{"type": "array", "items": w.schema(s.items)}
	case s.class() == mappingClass && s.title != "":
		name := slug(s.title)
		if _, ok := w.definitions[name]; !ok {
			w.definitions[name] = true // a place to refer to while it is made
			w.definitions[name] = w.mapping(s)
		}
		return map[string]any{"$ref": "#/$defs/" + name}
	case s.class() == mappingClass:
		return w.mapping(s)
	default:
		return scalarSchema(s)
	}
}

// mapping describes keys. Nothing at all stands for an empty mapping.
func (w *schemaWriter) mapping(s *shape) map[string]any {
	m := map[string]any{"type": []string{"object", "null"}, "additionalProperties": false}
	if s.doc != "" {
		m["description"] = s.doc
	}
	if len(s.keys) > 0 {
		properties := make(map[string]any, len(s.keys))
		var required []string
		for _, k := range s.keys {
			value := w.schema(k.value)
			value["description"] = k.doc
			properties[k.name] = value
			if k.required {
				required = append(required, k.name)
			}
		}
		m["properties"] = properties
		if required != nil {
			m["required"] = required
			m["type"] = "object"
		}
	}
	if s.each != nil {
		m["additionalProperties"] = w.schema(s.each)
	}
	if s.extensions {
		m["patternProperties"] = map[string]any{"^x-": map[string]any{}}
	}
	return m
}

func scalarSchema(s *shape) map[string]any {
	m := make(map[string]any)
	if len(s.types) == 1 {
		m["type"] = s.types[0]
	} else {
		m["type"] = s.types
	}
	if s.words != nil {
		m["enum"] = s.words
		return m
	}
	if s.examples != nil {
		m["examples"] = s.examples
	}
	return m
}

// slug makes a name for a definition: "EBS volume" is ebs_volume.
func slug(title string) string {
	return strings.ReplaceAll(strings.ToLower(title), " ", "_")
}
