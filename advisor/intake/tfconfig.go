package intake

// tfModuleConfig is a module as the plan's configuration shows it: expressions
// by their place in the text.
type tfModuleConfig struct {
	resources map[string]*tfResourceConfig // by "aws_lb.main"
	calls     map[string]*tfCall
	outputs   map[string]tfSpan // the expression of each
}

// tfResourceConfig is a resource's block.
type tfResourceConfig struct {
	provider    string // "aws", "aws.west", "module.shop:aws"
	expressions tfMembers
	forEach     tfSpan
}

// tfCall is a module block.
type tfCall struct {
	inputs  tfMembers
	forEach tfSpan
	module  *tfModuleConfig
}

// configuration reads the configuration.
func (f *tfFile) configuration() error {
	f.config = &tfModuleConfig{}
	return f.objectOr(func(key []byte) error {
		switch string(key) {
		case "provider_config":
			f.providers = make(map[string]tfSpan)
			return f.objectOr(func(key []byte) error {
				name := string(key)
				return f.objectOr(func(key []byte) error {
					if string(key) != "expressions" {
						return f.scan.skip()
					}
					span, err := f.span()
					f.providers[name] = span
					return err
				})
			})
		case "root_module":
			return f.moduleConfig(f.config, 0)
		default:
			return f.scan.skip()
		}
	})
}

func (f *tfFile) moduleConfig(c *tfModuleConfig, depth int) error {
	if depth > maxDepth {
		return f.scan.errorf("modules nested deeper than %d levels", maxDepth)
	}
	c.resources, c.calls, c.outputs = make(map[string]*tfResourceConfig), make(map[string]*tfCall), make(map[string]tfSpan)
	return f.objectOr(func(key []byte) error {
		switch string(key) {
		case "resources":
			return f.listOr(func(int) error { return f.resourceConfig(c) })
		case "outputs":
			return f.objectOr(func(key []byte) error {
				name := string(key)
				return f.objectOr(func(key []byte) error {
					if string(key) != "expression" {
						return f.scan.skip()
					}
					span, err := f.span()
					c.outputs[name] = span
					return err
				})
			})
		case "module_calls":
			return f.objectOr(func(key []byte) error {
				call := &tfCall{module: &tfModuleConfig{}}
				c.calls[string(key)] = call
				return f.call(call, depth)
			})
		default:
			return f.scan.skip()
		}
	})
}

func (f *tfFile) call(call *tfCall, depth int) error {
	return f.objectOr(func(key []byte) error {
		var err error
		switch string(key) {
		case "expressions":
			call.inputs, _, err = f.look()
		case "for_each_expression":
			call.forEach, err = f.span()
		case "module":
			err = f.moduleConfig(call.module, depth+1)
		default:
			err = f.scan.skip()
		}
		return err
	})
}

func (f *tfFile) resourceConfig(c *tfModuleConfig) error {
	r := &tfResourceConfig{}
	var address string
	err := f.objectOr(func(key []byte) error {
		var err error
		switch string(key) {
		case "address":
			address, err = f.textOr("")
		case "provider_config_key":
			r.provider, err = f.textOr("")
		case "expressions":
			r.expressions, _, err = f.look()
		case "for_each_expression":
			r.forEach, err = f.span()
		default:
			err = f.scan.skip()
		}
		return err
	})
	if address != "" {
		// Some versions write the module's path before it.
		_, address = cutModules(address)
		c.resources[address] = r
	}
	return err
}

// configOf is the configuration of a module instance, nil where the plan shows
// none.
func (f *tfFile) configOf(m *tfModule) *tfModuleConfig {
	if m.config != nil || f.config == nil {
		return m.config
	}
	if m.parent == nil {
		m.config = f.config
		return m.config
	}
	above := f.configOf(m.parent)
	if above == nil || above.calls[m.name] == nil {
		return nil
	}
	m.config = above.calls[m.name].module
	return m.config
}

// resourceConfigOf is the block of a resource, nil where the plan shows none.
func (f *tfFile) resourceConfigOf(r *tfResource) *tfResourceConfig {
	if c := f.configOf(r.module); c != nil {
		return c.resources[r.name]
	}
	return nil
}

// referencesIn lists what an expression, or everything below a block, refers to.
func referencesIn(n *node) []string {
	if n == nil {
		return nil
	}
	var list []string
	if refs := n.get("references"); refs != nil && refs.kind == listNode {
		for _, r := range refs.items {
			if r.kind == textNode {
				list = append(list, r.text)
			}
		}
		return list
	}
	for _, e := range n.entries {
		list = append(list, referencesIn(e.value)...)
	}
	for _, item := range n.items {
		list = append(list, referencesIn(item)...)
	}
	return list
}
