package bill

import "math"

// roundingError is how far two sums of one amount may be apart, relative to
// it: float64 keeps 15 digits, our files 13, and a thousand rows lose three.
const roundingError = 1e-9

func near(a, b float64) bool {
	return math.Abs(a-b) <= roundingError*max(math.Abs(a), math.Abs(b), 1e-6)
}

// parts gives the difference of a pair its reasons. They add up to it; what is
// only rounding has none.
func (r *reconciler) parts(k pairKey, p *pair) []Part {
	e, b := &p.estimate, &p.bill
	difference := b.effective - e.effective
	switch {
	case near(b.effective, e.effective):
		return nil
	case b.lines == 0:
		return []Part{{NotBilled, difference}}
	case e.lines == 0:
		return []Part{{r.unexpected(k, p), difference}}
	case k.category != Usage:
		return []Part{{ofCategory(k.category), difference}}
	case e.mixed || b.mixed || e.unit != b.unit || !(e.quantity > 0) || !(b.quantity > 0) || p.unpriced || math.IsNaN(b.list):
		return []Part{{ByCost, difference}}
	}
	var parts []Part
	part := func(reason Reason, usd float64) {
		if math.Abs(usd) > roundingError*max(math.Abs(b.effective), math.Abs(e.effective)) {
			parts = append(parts, Part{reason, usd})
		}
	}
	quantity, rate := 0.0, 0.0
	if !near(b.quantity, e.quantity) {
		quantity = (b.quantity - e.quantity) * (e.effective / e.quantity)
	}
	if billed, estimated := b.list/b.quantity, e.list/e.quantity; !near(billed, estimated) {
		rate = b.quantity * (billed - estimated)
	}
	part(ByQuantity, quantity)
	part(ByRate, rate)
	part(ByDiscount, difference-quantity-rate)
	return parts
}

// unexpected is why a billed line has no estimate.
func (r *reconciler) unexpected(k pairKey, p *pair) Reason {
	switch {
	case k.category != Usage:
		return ofCategory(k.category)
	case p.unpriced:
		return NoPrice
	case k.service != "" && !r.services[[2]string{k.cluster, k.service}]:
		return NoService
	case !r.knows(p.bill.product):
		return NoProduct
	default:
		return NoUsageType
	}
}

// ofCategory is the reason that a category of charges is by itself.
func ofCategory(c Category) Reason {
	switch c {
	case Purchase:
		return ByPurchase
	case Tax:
		return ByTax
	case Credit:
		return ByCredit
	case Commitment:
		return ByCommitment
	case Refund:
		return ByRefund
	case Discount:
		return ByBillDiscount
	case Support:
		return BySupport
	case Allocated:
		return ByAllocation
	default:
		return ByAdjustment
	}
}

// knows reports whether the estimate has anything of an AWS service. Exports of
// FOCUS that are not AWS's own name a service where others have its code.
func (r *reconciler) knows(product string) bool {
	return r.products[product] || r.products[codeOf(product)]
}

// codeOf is the code of a service by the name that FOCUS exports give it, for
// the services that estimates have.
// Source: serviceName of the AWS Price List's products; the FOCUS 1.0 sample data.
func codeOf(name string) string {
	switch name {
	case "Amazon Elastic Container Service", "Amazon EC2 Container Service":
		return "AmazonECS"
	case "Amazon Elastic Compute Cloud", "Amazon Elastic Compute Cloud - Compute":
		return "AmazonEC2"
	case "Amazon Virtual Private Cloud":
		return "AmazonVPC"
	case "Elastic Load Balancing":
		return "AWSELB"
	case "Amazon EC2 Container Registry (ECR)", "Amazon Elastic Container Registry":
		return "AmazonECR"
	case "Amazon Elastic File System":
		return "AmazonEFS"
	case "Amazon Simple Storage Service":
		return "AmazonS3"
	case "Amazon CloudWatch":
		return "AmazonCloudWatch"
	case "AWS Secrets Manager":
		return "AWSSecretsManager"
	case "AWS Systems Manager":
		return "AWSSystemsManager"
	case "AWS Key Management Service":
		return "awskms"
	case "AWS Lambda":
		return "AWSLambda"
	default:
		return name
	}
}
