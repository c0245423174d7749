package main

import (
	"errors"
	"io/fs"
	"sort"
	"strings"
)

// Sources of the EC2 tables, which carry no source column. See the price
// tables' SOURCES.md for what each is.
const (
	sourceInstancesInfo  = "ec2-instances-info@32acf84f42eb (ec2instances.info; MIT)"
	sourceKarpenterPrice = "aws/karpenter-provider-aws@v1.14.1, static price table of 2026-07-06 (Apache-2.0)"
	sourceKarpenterTypes = "aws/karpenter-provider-aws@1d927085, instance-type reference of 2026-08-21 (Apache-2.0)"
	sourceFees           = "AmazonECS price file of 2025-10-27, resolved to types by 12 % of EC2 on-demand; G and P classes as cut on 2026-07-01 (managed_instance_fees.csv)"
)

// Dates of the EC2 columns that have none of their own.
const (
	instancesInfoDate = "2025-05" // reserved, Windows and Spot columns
	formerFeeDate     = "2025-10-27"
	feeDate           = "2026-07-01"
)

// instanceTable is the EC2 part of the snapshot in the making.
type instanceTable struct {
	regions regionSet
	sources *notes
	log     *changes
	types   map[string]row
	prices  map[[2]string]row // by region and type
	fees    map[[2]string]row
	newest  string
}

// reservedColumns are the effective hourly rates of Reserved Instances, in the
// order of the snapshot.
func reservedColumns() []string {
	var columns []string
	for _, class := range []string{"convertible", "standard"} {
		for _, term := range []string{"1y", "3y"} {
			for _, payment := range []string{"no", "partial", "all"} {
				columns = append(columns, class+"_"+term+"_"+payment+"_upfront")
			}
		}
	}
	return columns
}

func typeColumns() []string {
	return []string{"instance_type", "vcpu", "memory_gib", "arch", "processor", "generation", "gpus", "burst_baseline",
		"network_performance", "bandwidth_mbps", "max_enis", "ipv4_per_eni", "trunking", "branch_enis", "instance_storage_gb"}
}

func (it *instanceTable) readTypes(fsys fs.FS) error {
	t, err := readTable(fsys, "ec2_instance_types.csv", typeColumns()...)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range t.rows {
		errs = append(errs, it.addType(r))
	}
	return errors.Join(errs...)
}

func (it *instanceTable) addType(r row) error {
	if err := r.require("instance_type", "vcpu", "memory_gib", "arch", "generation"); err != nil {
		return err
	}
	name := r.cell("instance_type")
	if former, twice := it.types[name]; twice {
		return r.refuse("instance type %s: duplicate of line %d", name, former.line)
	}
	for _, column := range []string{"vcpu", "memory_gib"} {
		if _, err := r.positive(column); err != nil {
			return err
		}
	}
	for _, column := range []string{"gpus", "burst_baseline", "bandwidth_mbps", "max_enis", "ipv4_per_eni", "branch_enis", "instance_storage_gb"} {
		if r.cell(column) == "" {
			continue
		}
		if _, err := r.number(column); err != nil {
			return err
		}
		if column != "burst_baseline" && !digits(r.cell(column)) {
			return r.refuse("%s is %q, want a whole number", column, r.cell(column))
		}
	}
	if g := r.cell("generation"); g != "current" && g != "previous" {
		return r.refuse("generation is %q, want current or previous", g)
	}
	if v := r.cell("trunking"); v != "" && v != "true" && v != "false" {
		return r.refuse("trunking is %q, want true, false or nothing", v)
	}
	it.types[name] = r
	return nil
}

func (it *instanceTable) readPrices(fsys fs.FS) error {
	columns := append([]string{"instance_type", "region", "linux_ondemand", "ondemand_as_of", "windows_ondemand"}, reservedColumns()...)
	t, err := readTable(fsys, "ec2_prices.csv", append(columns, "spot_avg", "spot_interruption")...)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range t.rows {
		errs = append(errs, it.addPrice(r))
	}
	return errors.Join(errs...)
}

func (it *instanceTable) addPrice(r row) error {
	if err := r.require("instance_type", "region", "linux_ondemand", "ondemand_as_of"); err != nil {
		return err
	}
	key, err := it.key(r, it.prices)
	if err != nil {
		return err
	}
	for _, column := range append(reservedColumns(), "linux_ondemand", "windows_ondemand", "spot_avg") {
		if r.cell(column) == "" {
			continue
		}
		if _, err := r.positive(column); err != nil {
			return err
		}
	}
	asOf, err := r.date("ondemand_as_of")
	if err != nil {
		return err
	}
	switch r.cell("spot_interruption") {
	case "", "<5%", "5-10%", "10-15%", "15-20%", ">20%":
	default:
		return r.refuse("spot_interruption is %q, want <5%%, 5-10%%, 10-15%%, 15-20%% or >20%%", r.cell("spot_interruption"))
	}
	it.newest = max(it.newest, asOf)
	it.prices[key] = r
	return nil
}

func (it *instanceTable) readFees(fsys fs.FS) error {
	t, err := readTable(fsys, "managed_instance_fees.csv", "instance_type", "region", "usagetype", "class", "fee_usd_2025_10_27", "fee_usd_from_2026_07_01")
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range t.rows {
		errs = append(errs, it.addFee(r))
	}
	return errors.Join(errs...)
}

func (it *instanceTable) addFee(r row) error {
	if err := r.require(r.columns...); err != nil {
		return err
	}
	key, err := it.key(r, it.fees)
	if err != nil {
		return err
	}
	if _, ok := it.prices[key]; !ok {
		return r.refuse("%s in %s has a fee but no EC2 price", key[1], key[0])
	}
	want := it.regions[key[0]].prefix + "-ECS-Managed-Instances:" + key[1] + "-management-hours"
	if got := r.cell("usagetype"); got != want {
		return r.refuse("usagetype is %q, want %q", got, want)
	}
	for _, column := range []string{"fee_usd_2025_10_27", "fee_usd_from_2026_07_01"} {
		if _, err := r.positive(column); err != nil {
			return err
		}
	}
	it.fees[key] = r
	return nil
}

// key is the region and type of a row; a key that is already taken or of a
// type that the reference does not know is refused.
func (it *instanceTable) key(r row, taken map[[2]string]row) ([2]string, error) {
	code, err := it.regions.of(r, "region")
	if err != nil {
		return [2]string{}, err
	}
	key := [2]string{code, r.cell("instance_type")}
	if _, ok := it.types[key[1]]; !ok || code == global {
		return key, r.refuse("instance type %q in %s: ec2_instance_types.csv does not list it", key[1], code)
	}
	if former, twice := taken[key]; twice {
		return key, r.refuse("%s in %s: duplicate of line %d", key[1], code, former.line)
	}
	return key, nil
}

// typesFile writes instance_types.tsv. A type without network performance is
// one that only the newer reference lists.
func (it *instanceTable) typesFile() []byte {
	f := newTSVFile("instance-types", nil, append(typeColumns(), "source")...)
	for _, name := range sortedKeys(it.types) {
		r := it.types[name]
		source := it.sources.name("ec2-instances-info", sourceInstancesInfo)
		if r.cell("network_performance") == "" {
			source = it.sources.name("karpenter-types", sourceKarpenterTypes)
		}
		f.row(append(append([]string(nil), r.cells...), source)...)
	}
	return f.Bytes()
}

// pricesFile writes the EC2 prices of one region, or nothing where there are
// none.
func (it *instanceTable) pricesFile(code string) []byte {
	var names []string
	for key := range it.prices {
		if key[0] == code {
			names = append(names, key[1])
		}
	}
	if len(names) == 0 {
		return nil
	}
	sort.Strings(names)
	columns := append([]string{"instance_type", "linux", "linux_as_of", "linux_source", "windows"}, shortReserved()...)
	f := newTSVFile("ec2", []string{
		"region " + code,
		"windows, reserved and spot as of " + instancesInfoDate + " from " + it.sources.name("ec2-instances-info", sourceInstancesInfo),
		"fee as of " + feeDate + ", former_fee as of " + formerFeeDate + " from " + it.sources.name("managed-instance-fees", sourceFees),
	}, append(columns, "spot", "interruption", "former_fee", "fee")...)
	for _, name := range names {
		f.row(it.priceRow([2]string{code, name})...)
	}
	return f.Bytes()
}

// shortReserved are reservedColumns as the snapshot names them:
// "convertible_1y_no".
func shortReserved() []string {
	var names []string
	for _, c := range reservedColumns() {
		names = append(names, strings.TrimSuffix(c, "_upfront"))
	}
	return names
}

func (it *instanceTable) priceRow(key [2]string) []string {
	r := it.prices[key]
	asOf, source := r.cell("ondemand_as_of"), it.sources.name("ec2-instances-info", sourceInstancesInfo)
	if asOf > instancesInfoDate {
		source = it.sources.name("karpenter-prices", sourceKarpenterPrice)
	}
	cells := []string{key[1], r.cell("linux_ondemand"), asOf, source, r.cell("windows_ondemand")}
	for _, c := range reservedColumns() {
		cells = append(cells, r.cell(c))
	}
	spot := r.cell("spot_avg")
	if spot != "" {
		// Equal to on-demand means that no Spot history was seen.
		average, _ := r.number("spot_avg")
		if onDemand, _ := r.number("linux_ondemand"); average == onDemand {
			it.log.note(r, "Spot average equal to On-Demand: no history, left out")
			spot = ""
		}
	}
	cells = append(cells, spot, r.cell("spot_interruption"))
	if fee, ok := it.fees[key]; ok {
		return append(cells, fee.cell("fee_usd_2025_10_27"), fee.cell("fee_usd_from_2026_07_01"))
	}
	return append(cells, "", "")
}
