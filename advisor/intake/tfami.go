package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// image fills in what the AMI of an instance tells: the operating system, and
// the root volume where the code states none. The AMI is a data source of the
// plan, or the path of AWS's public parameter for it.
func (f *tfFill) image(l *launchSettings) {
	if strings.Contains(strings.ToLower(l.image), "ami-windows") { // /aws/service/ami-windows-latest/…
		l.os = design.Know(design.Windows)
		return
	}
	ami := f.file.ami(l.image)
	if ami == nil {
		return
	}
	s := f.file.side(ami, f.past)
	l.os = design.Know(design.Linux)
	if s.get("platform").text() == "windows" || strings.HasPrefix(s.get("platform_details").text(), "Windows") {
		l.os = design.Know(design.Windows)
	}
	if l.root != nil {
		return
	}
	root := s.get("root_device_name").text()
	for _, m := range s.get("block_device_mappings").items() {
		if m.get("device_name").text() != root || root == "" {
			continue
		}
		ebs := m.get("ebs")
		if size := ebs.get("volume_size").number(); size.Stated() && size.Value > 0 {
			l.root = &design.Volume{Type: ebs.get("volume_type").text(), GB: size}
		}
	}
}

// ami is the data source of an AMI by its ID, nil where the plan has none.
func (f *tfFile) ami(id string) *tfResource {
	if f.amis == nil {
		f.amis = make(map[string]int)
		for i := range f.resources {
			r := &f.resources[i]
			if r.typ != "aws_ami" || !r.data {
				continue
			}
			if span, ok := f.member(r.next, "id"); ok {
				f.amis[strings.Trim(string(f.scan.data[span.from:span.to]), `"`)] = i
			}
		}
	}
	if i, ok := f.amis[id]; ok {
		return &f.resources[i]
	}
	return nil
}
