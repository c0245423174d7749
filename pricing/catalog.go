package pricing

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sort"
	"sync"
)

// Catalog holds prices of regions, with a date and a source for each. It is
// immutable and safe for concurrent use; a region's file is read when the
// region is first asked for.
type Catalog struct {
	files *files // nil: rates in memory only
	date  string // of rates in memory without files
	// own are rates that stand before those of the files, by what a lookup
	// must match exactly.
	own map[rateKey][]Rate
	// ownRegions are the regions of own.
	ownRegions map[string]bool
}

// rateKey is the part of a SKU that a lookup must match exactly.
type rateKey struct{ service, usageType, region string }

func (s SKU) key() rateKey { return rateKey{s.Service, s.UsageType, s.Region} }

// Embedded returns the catalogue of the snapshot that is compiled in.
func Embedded() *Catalog {
	fsys, err := openArchive(snapshotArchive)
	if err != nil { // only for an archive that no test has seen
		panic(err)
	}
	return Open(fsys)
}

// Open returns the catalogue of a snapshot in files. What is wrong with a file
// is said by the lookup that needs it, or by Check.
func Open(fsys fs.FS) *Catalog { return &Catalog{files: &files{fsys: fsys}} }

// NewCatalog returns a catalogue of rates in memory, as of a date. It knows
// the regions that the rates are of. Of two rates with one SKU the last holds.
func NewCatalog(date string, rates []Rate) *Catalog {
	return (&Catalog{date: date}).With(rates...)
}

// With returns a catalogue in which these rates stand in for those of equal
// SKU and beside all others.
func (c *Catalog) With(rates ...Rate) *Catalog {
	with := &Catalog{files: c.files, date: c.date, own: make(map[rateKey][]Rate, len(c.own)+len(rates)), ownRegions: map[string]bool{}}
	maps.Copy(with.own, c.own)
	maps.Copy(with.ownRegions, c.ownRegions)
	for _, r := range rates {
		key := r.SKU.key()
		same := slices.Clone(with.own[key])
		if i := slices.IndexFunc(same, func(o Rate) bool { return o.SKU == r.SKU }); i >= 0 {
			same[i] = r
		} else {
			same = append(same, r)
		}
		with.own[key] = same
		with.ownRegions[key.region] = true
	}
	return with
}

// SnapshotDate is the date of the newest price in the files, "2026-09-29"; it
// is empty where the files cannot be read.
func (c *Catalog) SnapshotDate() string {
	if c.files == nil {
		return c.date
	}
	m, err := c.files.meta()
	if err != nil {
		return ""
	}
	return m.date
}

// Regions returns the regions that have prices, by code. Of a region that only
// rates in memory name, nothing but the code is known.
func (c *Catalog) Regions() []RegionInfo {
	var regions []RegionInfo
	if c.files != nil {
		if m, err := c.files.meta(); err == nil {
			regions = slices.Clone(m.regions)
		}
	}
	known := len(regions)
	for code := range c.ownRegions {
		if code != Global && !slices.ContainsFunc(regions, func(r RegionInfo) bool { return r.Code == code }) {
			regions = append(regions, RegionInfo{Code: code})
		}
	}
	if len(regions) > known {
		sort.Slice(regions, func(i, j int) bool { return regions[i].Code < regions[j].Code })
	}
	return regions
}

// Rates returns all rates of a region (or of Global) by SKU, except the prices
// of EC2 instances: see InstanceRates.
func (c *Catalog) Rates(region string) ([]Rate, error) {
	if err := c.knows(region); err != nil {
		return nil, err
	}
	filed, err := c.filed(region)
	if err != nil {
		return nil, err
	}
	rates := make([]Rate, 0, len(filed))
	for _, r := range filed {
		if !c.replaced(r.SKU) {
			rates = append(rates, r)
		}
	}
	for key, own := range c.own {
		if key.region == region {
			rates = append(rates, own...)
		}
	}
	sortRates(rates)
	return rates, nil
}

// replaced reports whether a rate in memory stands in for the SKU.
func (c *Catalog) replaced(sku SKU) bool {
	if len(c.own) == 0 {
		return false
	}
	return slices.ContainsFunc(c.own[sku.key()], func(r Rate) bool { return r.SKU == sku })
}

// knows returns a *RegionError for a region without prices.
func (c *Catalog) knows(region string) error {
	if c.files != nil {
		m, err := c.files.meta()
		if err != nil {
			return err
		}
		if _, ok := m.byCode[region]; ok {
			return nil
		}
	}
	if c.ownRegions[region] || region == Global {
		return nil
	}
	var codes []string
	for _, r := range c.Regions() {
		codes = append(codes, r.Code)
	}
	if n := len(region) - 1; n > 0 && region[n] >= 'a' && region[n] <= 'z' && slices.Contains(codes, region[:n]) {
		return &RegionError{Region: region, Nearest: []string{region[:n]}, Zone: true}
	}
	return &RegionError{Region: region, Nearest: nearest(region, codes)}
}

// filed returns the rates of a region's file.
func (c *Catalog) filed(region string) ([]Rate, error) {
	if c.files == nil {
		return nil, nil
	}
	return c.files.rates(region)
}

// files are a snapshot's files, each read once, when first needed.
type files struct {
	fsys fs.FS

	metaOnce sync.Once
	metaData *fileMeta
	metaErr  error

	typesOnce sync.Once
	types     *lineIndex
	typesErr  error
}

// fileMeta is what every lookup needs to know of a snapshot.
type fileMeta struct {
	date                 string
	regions              []RegionInfo
	byCode               map[string]*regionFiles
	sources, assumptions map[string]string
}

// regionFiles are the files of one region.
type regionFiles struct {
	ratesOnce sync.Once
	rates     []Rate
	ratesErr  error

	ec2Once sync.Once
	ec2     *ec2File
	ec2Err  error
}

func (f *files) meta() (*fileMeta, error) {
	f.metaOnce.Do(func() { f.metaData, f.metaErr = readMeta(f.fsys) })
	return f.metaData, f.metaErr
}

func readMeta(fsys fs.FS) (*fileMeta, error) {
	m := &fileMeta{}
	var err error
	if m.regions, m.date, err = readRegions(fsys); err != nil {
		return nil, err
	}
	if m.sources, err = readNotes(fsys, "sources.tsv", "sources"); err != nil {
		return nil, err
	}
	if m.assumptions, err = readNotes(fsys, "assumptions.tsv", "assumptions"); err != nil {
		return nil, err
	}
	m.byCode = make(map[string]*regionFiles, len(m.regions)+1)
	for _, r := range m.regions {
		m.byCode[r.Code] = &regionFiles{}
	}
	m.byCode[Global] = &regionFiles{}
	return m, nil
}

// rates returns the rates of a region's file; without a file it has none.
func (f *files) rates(region string) ([]Rate, error) {
	m, err := f.meta()
	if err != nil {
		return nil, err
	}
	of, ok := m.byCode[region]
	if !ok {
		return nil, nil
	}
	of.ratesOnce.Do(func() {
		name := "rates/" + region + ".tsv"
		if !exists(f.fsys, name) {
			return
		}
		file, err := readSnapshotFile(f.fsys, name, "rates", rateColumns)
		if err == nil {
			of.rates, err = parseRates(file, region, m.sources, m.assumptions)
		}
		of.ratesErr = err
	})
	return of.rates, of.ratesErr
}

func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err == nil
}

// Check reads every file of the snapshot completely and returns the first
// thing that is wrong with it.
func (c *Catalog) Check() error {
	if c.files == nil {
		return nil
	}
	m, err := c.files.meta()
	if err != nil {
		return err
	}
	if _, err := c.files.rates(Global); err != nil {
		return err
	}
	for _, r := range m.regions {
		if _, err := c.files.rates(r.Code); err != nil {
			return err
		}
		if err := c.files.checkInstances(r.Code); err != nil {
			return fmt.Errorf("checking the prices of %s: %w", r.Code, err)
		}
	}
	return c.files.checkTypes()
}
