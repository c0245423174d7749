package pricing

// FreeEgressGB is what every account may send to the internet in a month at no
// cost, summed over services and regions, China and GovCloud apart, since
// 2021-12-01. The tiers of DataTransfer-Out-Bytes count from where it ends.
// Source: https://aws.amazon.com/ec2/pricing/on-demand/, "Data Transfer".
const FreeEgressGB = 100

// DefaultAllowances are what AWS grants every account each month, new or old.
// The twelve-month and trial offers of new accounts are not among them.
func DefaultAllowances() []Allowance {
	return []Allowance{{
		Service: "AWSDataTransfer", UsageType: "DataTransfer-Out-Bytes", Quantity: FreeEgressGB,
		NotIn:  []string{"us-gov-east-1", "us-gov-west-1"},
		Source: "https://aws.amazon.com/ec2/pricing/on-demand/: the first 100 GB a month out to the internet cost nothing",
	}}
}
