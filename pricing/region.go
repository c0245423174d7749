package pricing

import (
	"io/fs"
	"strings"
)

// RegionInfo is a region that a catalogue knows.
type RegionInfo struct {
	Code string // "eu-west-2"
	// BillingPrefix is what AWS puts before the region's usage types on a
	// bill: "EUW2". Many of us-east-1 stand bare there.
	BillingPrefix string
	Location      string // as the price list names it: "EU (London)"
	Partition     string // "aws", "aws-us-gov"
}

// readRegions reads regions.tsv, sorted by code, and the snapshot's date.
func readRegions(fsys fs.FS) (regions []RegionInfo, date string, err error) {
	f, err := readSnapshotFile(fsys, "regions.tsv", "regions", "region\tbilling_prefix\tlocation\tpartition\tnote")
	if err != nil {
		return nil, "", err
	}
	if date = f.remark("as of "); date == "" {
		return nil, "", f.fail(1, "want a header line \"# as of\" with the snapshot's date")
	}
	line := f.line
	var c [5]string
	for row := range strings.Lines(f.body) {
		if err := f.cut(line, strings.TrimSuffix(row, "\n"), c[:]); err != nil {
			return nil, "", err
		}
		if n := len(regions); c[0] == "" || n > 0 && regions[n-1].Code >= c[0] {
			return nil, "", f.fail(line, "region %q is absent, out of order or listed twice", c[0])
		}
		regions = append(regions, RegionInfo{Code: c[0], BillingPrefix: c[1], Location: c[2], Partition: c[3]})
		line++
	}
	return regions, date, nil
}
