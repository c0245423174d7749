package bill

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Reader adds up the files of an export.
type Reader struct {
	form string
	sums *sums
	done bool // a file was read
}

// NewReader returns a Reader without a file.
func NewReader() *Reader { return &Reader{sums: newSums()} }

// Read reads an export of one file.
func Read(name string, file io.ReaderAt, size int64) (*Bill, error) {
	r := NewReader()
	if err := r.Add(name, file, size); err != nil {
		return nil, err
	}
	return r.Bill()
}

// Add reads one file of the export: CSV, gzipped CSV or Parquet, told by its
// first bytes. Errors begin with the name and the row ("bill.csv:17: …"); after
// one the Reader is of no more use.
func (r *Reader) Add(name string, file io.ReaderAt, size int64) error {
	var magic [4]byte
	n, err := file.ReadAt(magic[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", name, err)
	}
	start := magic[:n]
	r.done = true
	whole := io.NewSectionReader(file, 0, size)
	switch {
	case bytes.Equal(start, []byte("PAR1")):
		return r.addParquet(name, file, size)
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		unzipped, err := gzip.NewReader(bufio.NewReader(whole))
		if err != nil {
			return fmt.Errorf("%s: reading gzip: %w", name, err)
		}
		return r.addCSV(name, unzipped)
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return fmt.Errorf("%s: a ZIP archive: unpack it and give the CSV files in it", name)
	default:
		return r.addCSV(name, whole)
	}
}

// Bill is what was read so far.
func (r *Reader) Bill() (*Bill, error) {
	if !r.done {
		return nil, errors.New("bill: no file")
	}
	return r.sums.bill(r.form), nil
}

// rowReader reads a row's charges, each of them added by add.
type rowReader func(r *row, s *sums, add func(*charge) error) error

// open tells the form of a file by its columns and checks that none is missing
// that a bill needs.
func (r *Reader) open(name string, header []string) (rowReader, error) {
	columns := row{columns: headerOf(header)}
	var form string
	var read rowReader
	var want []string
	switch {
	case columns.has("chargeperiodstart", "billedcost", "chargecategory"):
		form, read, want = "FOCUS", focusCharge, focusColumns()
	case columns.has("lineitemusagestartdate", "lineitemlineitemtype", "lineitemunblendedcost"):
		form, read, want = "CUR", curCharge, curColumns()
	default:
		return nil, fmt.Errorf("%s: header tells no form: found %s; want the columns of a FOCUS export (%s) or of a Cost and Usage Report (%s)",
			name, list(header), strings.Join(focusColumns(), ", "), strings.Join(curColumns(), ", "))
	}
	var missing []string
	for _, w := range want {
		if !columns.has(columnName(w)) {
			missing = append(missing, w)
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("%s: a %s export without the column %s; found %s", name, form, strings.Join(missing, ", "), list(header))
	}
	if r.form != "" && r.form != form {
		return nil, fmt.Errorf("%s: a %s export after files of a %s export: want one form, or charges would count twice", name, form, r.form)
	}
	r.form = form
	return read, nil
}

// list is column names for an error message.
func list(header []string) string {
	const shown = 12
	names := make([]string, 0, shown+1)
	for i, h := range header {
		if i == shown {
			names = append(names, fmt.Sprintf("and %d more", len(header)-shown))
			break
		}
		names = append(names, quoted(h))
	}
	if len(names) == 0 {
		return "no column"
	}
	return strings.Join(names, ", ")
}

// currency refuses money that cannot be added up with the rest.
func currency(r *row, column string) error {
	if v := r.text(column); v != "USD" {
		return fmt.Errorf("%s %s: want USD, the only currency that estimates have", column, quoted(v))
	}
	return nil
}

// period is the time of a charge.
func period(r *row, from, to string) (start, end time.Time, err error) {
	if start, err = r.time(from); err != nil {
		return start, end, err
	}
	if end, err = r.time(to); err != nil {
		return start, end, err
	}
	if !start.IsZero() && !end.IsZero() && end.Before(start) {
		return start, end, fmt.Errorf("%s %s is before %s %s", to, quoted(r.text(to)), from, quoted(r.text(from)))
	}
	return start, end, nil
}

// month is the month billed, that of the charge if no column tells.
func month(r *row, c charge, column string) (string, error) {
	at, err := r.time(column)
	if err != nil {
		return "", err
	}
	if at.IsZero() {
		at = c.start
	}
	if at.IsZero() {
		return "", nil
	}
	return at.Format("2006-01"), nil
}

// short is a text from the file in a note.
func short(text string) string { return strings.Trim(quoted(text), `"`) }

// wanted reports whether a column is read at all; Parquet's others are skipped.
func wanted(column string) bool {
	return strings.HasSuffix(column, clusterTag) || strings.HasSuffix(column, serviceTag) || slices.Contains([]string{
		"billedcost", "effectivecost", "listcost", "billingcurrency", "chargecategory", "chargeperiodstart", "chargeperiodend",
		"billingperiodstart", "pricingquantity", "consumedquantity", "pricingunit", "consumedunit", "subaccountid", "billingaccountid",
		"regionid", "region", "xservicecode", "servicename", "skumeter", "xusagetype", "chargedescription", "tags", "resourceid",
		"providername", "serviceprovidername", "commitmentdiscountstatus",
		"lineitemlineitemtype", "lineitemusagetype", "lineitemusageamount", "lineitemunblendedcost", "lineitemcurrencycode",
		"lineitemusageaccountid", "billpayeraccountid", "lineitemproductcode", "lineitemusagestartdate", "lineitemusageenddate",
		"lineitemresourceid", "billbillingperiodstartdate", "productregioncode", "productregion", "pricingpublicondemandcost",
		"resourcetags", "savingsplansavingsplaneffectivecost", "savingsplantotalcommitmenttodate", "savingsplanusedcommitment",
		"reservationeffectivecost", "reservationunusedamortizedupfrontfeeforbillingperiod", "reservationunusedrecurringfee",
		"reservationreservationarn", "splitlineitemparentresourceid", "splitlineitemsplitcost", "splitlineitemunusedcost",
		"splitlineitempublicondemandsplitcost", "splitlineitempublicondemandunusedcost", "splitlineitemsplitusage",
	}, column)
}
