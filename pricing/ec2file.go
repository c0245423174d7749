package pricing

import (
	"math"
	"strings"
)

const ec2Columns = "instance_type\tlinux\tlinux_as_of\tlinux_source\twindows" +
	"\tconvertible_1y_no\tconvertible_1y_partial\tconvertible_1y_all\tconvertible_3y_no\tconvertible_3y_partial\tconvertible_3y_all" +
	"\tstandard_1y_no\tstandard_1y_partial\tstandard_1y_all\tstandard_3y_no\tstandard_3y_partial\tstandard_3y_all" +
	"\tspot\tinterruption\tformer_fee\tfee"

// Columns of an EC2 file that are read by place.
const (
	ec2Linux        = 1
	ec2LinuxAsOf    = 2
	ec2LinuxSource  = 3
	ec2Windows      = 4
	ec2Convertible  = 5  // and the five after it: see reservedTerms
	ec2Standard     = 11 // likewise
	ec2Spot         = 17
	ec2Interruption = 18
	ec2FormerFee    = 19
	ec2Fee          = 20
	ec2Cells        = 21
)

// ec2File are the EC2 prices of one region, a row an instance type. Rows are
// read when asked for.
type ec2File struct {
	index   *lineIndex
	sources map[string]string
	// rest dates and sources the Windows, reserved and Spot columns, fee the
	// Managed Instances fee.
	rest, fee provenance
}

// provenance is a date and the text of a source.
type provenance struct{ asOf, source string }

// ec2Row is one row, read.
type ec2Row struct {
	cells  [ec2Cells]string
	prices [ec2Cells]float64 // of the price columns; NaN is absent
	linux  provenance
}

func newEC2File(f snapshotFile, sources map[string]string) (*ec2File, error) {
	index, err := newLineIndex(f)
	if err != nil {
		return nil, err
	}
	e := &ec2File{index: index, sources: sources}
	if e.rest, err = e.provenance("windows, reserved and spot as of "); err != nil {
		return nil, err
	}
	e.fee, err = e.provenance("fee as of ")
	return e, err
}

// provenance reads a header line "<prefix><date>[, …] from <source id>".
func (e *ec2File) provenance(prefix string) (provenance, error) {
	text := e.index.file.remark(prefix)
	dates, id, ok := strings.Cut(text, " from ")
	asOf, _, _ := strings.Cut(dates, ",")
	source := e.sources[id]
	if !ok || asOf == "" || source == "" {
		return provenance{}, e.index.file.fail(1, "want a header line \"# %s<date> from <source id>\"", prefix)
	}
	return provenance{asOf, source}, nil
}

// row reads the row of an instance type; ok is false where there is none.
func (e *ec2File) row(instanceType string) (row ec2Row, ok bool, err error) {
	i, ok := e.index.find(instanceType)
	if !ok {
		return ec2Row{}, false, nil
	}
	row, err = e.read(i)
	return row, err == nil, err
}

func (e *ec2File) read(i int) (ec2Row, error) {
	var row ec2Row
	f, line := &e.index.file, e.index.line(i)
	if err := f.cut(line, e.index.row(i), row.cells[:]); err != nil {
		return row, err
	}
	for column := range row.prices {
		row.prices[column] = math.NaN()
		if row.cells[column] == "" || column < ec2Linux || column == ec2LinuxAsOf || column == ec2LinuxSource || column == ec2Interruption {
			continue
		}
		v, ok := quantity(row.cells[column])
		if !ok || v == 0 {
			return row, f.fail(line, "cell %d is %q, want a price above zero or -", column+1, row.cells[column])
		}
		row.prices[column] = v
	}
	row.linux = provenance{row.cells[ec2LinuxAsOf], e.sources[row.cells[ec2LinuxSource]]}
	if math.IsNaN(row.prices[ec2Linux]) || row.linux.asOf == "" || row.linux.source == "" {
		return row, f.fail(line, "%s lacks an On-Demand price, its date or a known source", row.cells[0])
	}
	return row, nil
}

// instances returns the EC2 prices of a region, or nil where there are none.
func (f *files) instances(region string) (*ec2File, error) {
	m, err := f.meta()
	if err != nil {
		return nil, err
	}
	of, ok := m.byCode[region]
	if !ok {
		return nil, nil
	}
	of.ec2Once.Do(func() {
		name := "ec2/" + region + ".tsv"
		if !exists(f.fsys, name) {
			return
		}
		file, err := readSnapshotFile(f.fsys, name, "ec2", ec2Columns)
		if err == nil {
			of.ec2, err = newEC2File(file, m.sources)
		}
		of.ec2Err = err
	})
	return of.ec2, of.ec2Err
}

// checkInstances reads every row of a region's EC2 file.
func (f *files) checkInstances(region string) error {
	e, err := f.instances(region)
	if err != nil || e == nil {
		return err
	}
	for i := range e.index.starts {
		if _, err := e.read(i); err != nil {
			return err
		}
	}
	return nil
}
