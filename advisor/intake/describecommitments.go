package intake

import (
	"math"
	"strings"
	"time"

	"ecsavvy/advisor/design"
)

// Seconds of the terms that AWS sells.
const (
	oneYear    = 365 * 24 * 3600
	threeYears = 3 * oneYear
)

// term names a length in AWS's words; "" of others.
func term(seconds float64) string {
	switch seconds {
	case oneYear:
		return "1yr"
	case threeYears:
		return "3yr"
	}
	return ""
}

// savingsPlan reads a Savings Plan. Only active ones cover anything; those of
// other products than compute cover no task.
// Source: docs.aws.amazon.com/savingsplans/latest/APIReference/API_SavingsPlan.html.
func (d *describer) savingsPlan(at cursor) {
	if state := at.fold("state").name("a state"); state != "" && state != "active" {
		return
	}
	if !d.first("Savings Plan", at.fold("savingsPlanId").name("an ID")) {
		return
	}
	kind := at.fold("savingsPlanType").name("a type")
	length := at.fold("termDurationInSeconds").number(parseNumber, "a number of seconds")
	p := design.SavingsPlan{
		Name: at.fold("savingsPlanId").name("an ID"), Kind: kind, Term: term(length.Value), Payment: at.fold("paymentOption").name("a payment option"),
		Hourly: at.fold("commitment").number(parseNumber, "USD an hour").Value, End: at.fold("end").moment(),
	}
	currency := cmpOr(at.fold("currency").name("a currency"), at.fold("currencyCode").name("a currency"))
	switch {
	case kind != "Compute" && kind != "EC2Instance":
		d.stack.unpriced("Savings Plan of type " + clip(cmpOr(kind, "unknown")))
	case p.Term == "", currency != "" && currency != "USD":
		d.stack.unpriced("Savings Plan of an unknown term or currency")
	default:
		if kind == "EC2Instance" {
			p.Family, p.Region = at.fold("ec2InstanceFamily").name("a family"), at.fold("region").name("a region")
		}
		d.account.commitments.SavingsPlans = append(d.account.commitments.SavingsPlans, p)
	}
}

// reservedInstances reads Reserved Instances of one kind. Those of Linux with
// shared tenancy are what an estimate has rates of.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReservedInstances.html.
func (d *describer) reservedInstances(at cursor) {
	if state := at.get("State").name("a state"); state != "" && state != "active" {
		return
	}
	if !d.first("Reserved Instances", at.get("ReservedInstancesId").name("an ID")) {
		return
	}
	count := at.get("InstanceCount").count("a number of instances")
	product := at.get("ProductDescription").name("a product")
	r := design.Reservation{
		InstanceType: at.get("InstanceType").name("an instance type"), OS: design.Linux, Count: count.Value,
		Offering: at.get("OfferingClass").name("a class"), Term: term(at.get("Duration").number(parseNumber, "a number of seconds").Value),
		Payment: at.get("OfferingType").name("a payment option"), End: at.get("End").moment(),
	}
	tenancy := at.get("InstanceTenancy").name("a tenancy")
	switch {
	case !strings.HasPrefix(product, "Linux/UNIX"):
		d.stack.unpriced("Reserved Instance of " + clip(cmpOr(product, "an unknown system")))
	case tenancy != "" && tenancy != "default", r.Term == "", !strings.HasSuffix(r.Payment, "Upfront"):
		d.stack.unpriced("Reserved Instance of another tenancy, term or payment than AWS sells now")
	default:
		d.account.commitments.Reservations = append(d.account.commitments.Reservations, r)
	}
}

// gigabytes reads a number of bytes as GB of 2^30.
func (c cursor) gigabytes() fact[float64] {
	return design.Scale(c.number(parseNumber, "a number of bytes"), 1.0/(1<<30))
}

// moment reads a time as the AWS CLI writes it, in ISO 8601 or in seconds since
// 1970, or as Cloud Custodian's recorder does. Anything else is not known: the
// zero time.
func (c cursor) moment() time.Time {
	switch {
	case c.node == nil:
	case c.node.kind == mappingNode && c.node.get("year") != nil:
		part := func(key string) int { return int(c.get(key).count("a number").Value) }
		return time.Date(part("year"), time.Month(part("month")), part("day"), part("hour"), part("minute"), part("second"), 0, time.UTC)
	case c.node.kind == numberNode:
		// 10^11 is the year 5138.
		if seconds, err := parseNumber(c.node.text); err == nil && seconds < 1e11 {
			whole, part := math.Modf(seconds)
			return time.Unix(int64(whole), int64(part*1e9)).UTC()
		}
	case c.node.kind == textNode:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999-0700", "2006-01-02 15:04:05.999999999-07:00", "2006-01-02T15:04:05"} {
			if t, err := time.Parse(layout, c.node.text); err == nil {
				return t.UTC()
			}
		}
	}
	return time.Time{}
}
