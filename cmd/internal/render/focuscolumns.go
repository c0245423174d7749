package render

import (
	"slices"
	"strings"
)

// focusType is the data type of a FOCUS column.
type focusType uint8

const (
	focusText focusType = iota
	focusNumber
	focusTime
	focusObject
	focusCurrency
)

// focusColumn is what FOCUS 1.2 says of a column.
type focusColumn struct {
	name string
	kind focusType
	// nullable columns may be empty.
	nullable bool
	// allowed are the values that FOCUS allows; nil for any.
	allowed []string
	// positive numbers are prices.
	positive bool
}

// focusColumns are FOCUS 1.2's columns in the order of the specification, the
// alphabet. Columns for what an estimate never has are not among them, as FOCUS
// allows: capacity reservations; those of commitments are there only if an
// estimate has commitments, and so is ConsumedQuantity, which FOCUS ties to them: it is
// x_ConsumedQuantity otherwise. Custom columns, x_, come last.
// Source: FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, tag v1.2,
// specification/columns/*.md.
func focusColumns(commitments bool) []focusColumn {
	text := func(name string) focusColumn { return focusColumn{name: name} }
	null := func(name string) focusColumn { return focusColumn{name: name, nullable: true} }
	number := func(name string) focusColumn { return focusColumn{name: name, kind: focusNumber} }
	nullNumber := func(name string) focusColumn { return focusColumn{name: name, kind: focusNumber, nullable: true} }
	price := func(name string) focusColumn {
		return focusColumn{name: name, kind: focusNumber, nullable: true, positive: true}
	}
	at := func(name string) focusColumn { return focusColumn{name: name, kind: focusTime} }
	object := func(name string) focusColumn { return focusColumn{name: name, kind: focusObject, nullable: true} }
	one := func(name string, allowed ...string) focusColumn { return focusColumn{name: name, allowed: allowed} }
	oneOrNull := func(name string, allowed ...string) focusColumn {
		return focusColumn{name: name, allowed: allowed, nullable: true}
	}
	columns := []focusColumn{
		null("AvailabilityZone"), number("BilledCost"), text("BillingAccountId"), null("BillingAccountName"), text("BillingAccountType"),
		{name: "BillingCurrency", kind: focusCurrency}, at("BillingPeriodEnd"), at("BillingPeriodStart"),
		one("ChargeCategory", "Usage", "Purchase", "Tax", "Credit", "Adjustment"), oneOrNull("ChargeClass", "Correction"),
		null("ChargeDescription"), one("ChargeFrequency", "One-Time", "Recurring", "Usage-Based"),
		at("ChargePeriodEnd"), at("ChargePeriodStart"),
		oneOrNull("CommitmentDiscountCategory", "Spend", "Usage"), null("CommitmentDiscountId"), null("CommitmentDiscountName"),
		nullNumber("CommitmentDiscountQuantity"), oneOrNull("CommitmentDiscountStatus", "Used", "Unused"),
		null("CommitmentDiscountType"), null("CommitmentDiscountUnit"),
		nullNumber("ConsumedQuantity"), null("ConsumedUnit"), number("ContractedCost"), price("ContractedUnitPrice"), number("EffectiveCost"),
		null("InvoiceId"), text("InvoiceIssuerName"), number("ListCost"), price("ListUnitPrice"),
		oneOrNull("PricingCategory", "Standard", "Dynamic", "Committed", "Other"),
		{name: "PricingCurrency", kind: focusCurrency, nullable: true}, price("PricingCurrencyContractedUnitPrice"),
		nullNumber("PricingCurrencyEffectiveCost"), price("PricingCurrencyListUnitPrice"), nullNumber("PricingQuantity"), null("PricingUnit"),
		text("ProviderName"), text("PublisherName"), null("RegionId"), null("RegionName"),
		null("ResourceId"), null("ResourceName"), null("ResourceType"),
		one("ServiceCategory", "AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools",
			"Multicloud", "Identity", "Integration", "Internet of Things", "Management and Governance", "Media", "Migration", "Mobile",
			"Networking", "Security", "Storage", "Web", "Other"),
		text("ServiceName"), text("ServiceSubcategory"),
		null("SkuId"), null("SkuMeter"), object("SkuPriceDetails"), null("SkuPriceId"),
		null("SubAccountId"), null("SubAccountName"), null("SubAccountType"), object("Tags"),
		null("x_Project"), null("x_ServiceCode"), null("x_CostGroup"), null("x_Basis"), null("x_Formula"),
		null("x_PriceAsOf"), null("x_PriceSource"), null("x_PriceAssumed"),
		nullNumber("x_ConsumedQuantity"),
	}
	if commitments {
		return columns
	}
	return slices.DeleteFunc(columns, func(c focusColumn) bool {
		return strings.HasPrefix(c.name, "CommitmentDiscount") || strings.HasPrefix(c.name, "Consumed")
	})
}

// focusService is what FOCUS calls an AWS service.
type focusService struct {
	name, category, subcategory string
}

// focusServiceOf names a service by its code. A service has one category.
// Source of the names: serviceName of the AWS Price List; of the categories:
// FOCUS 1.2, columns ServiceCategory and ServiceSubcategory, by their
// descriptions, since AWS prints no table of its own choice.
func focusServiceOf(code string) focusService {
	switch code {
	case "AmazonECS":
		return focusService{"Amazon Elastic Container Service", "Compute", "Containers"}
	case "AmazonEKS":
		return focusService{"Amazon Elastic Kubernetes Service", "Compute", "Containers"}
	case "AmazonECR":
		return focusService{"Amazon Elastic Container Registry", "Compute", "Containers"}
	case "AWSAppRunner":
		return focusService{"AWS App Runner", "Compute", "Containers"}
	case "AmazonEC2":
		return focusService{"Amazon Elastic Compute Cloud", "Compute", "Virtual Machines"}
	case "AWSLambda":
		return focusService{"AWS Lambda", "Compute", "Serverless Compute"}
	case "AWSComputeSavingsPlan":
		return focusService{"Savings Plans for AWS Compute usage", "Compute", "Other (Compute)"}
	case "AmazonVPC":
		return focusService{"Amazon Virtual Private Cloud", "Networking", "Network Infrastructure"}
	case "AWSELB":
		return focusService{"Elastic Load Balancing", "Networking", "Application Networking"}
	case "AWSCloudMap":
		return focusService{"AWS Cloud Map", "Networking", "Application Networking"}
	case "AWSDataTransfer":
		return focusService{"AWS Data Transfer", "Networking", "Network Connectivity"}
	case "AmazonRoute53":
		return focusService{"Amazon Route 53", "Networking", "Network Routing"}
	case "AmazonCloudWatch":
		return focusService{"Amazon CloudWatch", "Management and Governance", "Observability"}
	case "AWSSystemsManager":
		return focusService{"AWS Systems Manager", "Management and Governance", "Other (Management and Governance)"}
	case "AmazonEFS":
		return focusService{"Amazon Elastic File System", "Storage", "File Storage"}
	case "AmazonS3":
		return focusService{"Amazon Simple Storage Service", "Storage", "Object Storage"}
	case "AWSSecretsManager":
		return focusService{"AWS Secrets Manager", "Security", "Secret Management"}
	case "awskms":
		return focusService{"AWS Key Management Service", "Security", "Secret Management"}
	case "awswaf":
		return focusService{"AWS WAF", "Security", "Threat Detection and Response"}
	default:
		return focusService{code, "Other", "Other (Other)"}
	}
}
