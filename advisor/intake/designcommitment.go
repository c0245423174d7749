package intake

import "ecsavvy/advisor/design"

// AWS's words for the payment options of Savings Plans and Reserved Instances.
func paymentForm() form[string] {
	return oneOf(choice[string]{"no_upfront", "No Upfront"}, choice[string]{"partial_upfront", "Partial Upfront"}, choice[string]{"all_upfront", "All Upfront"})
}

func termForm() form[string] {
	return oneOf(choice[string]{"1yr", "1yr"}, choice[string]{"3yr", "3yr"})
}

func regionForm() form[string] {
	f := text("a region such as eu-west-2", "eu-west-2")
	read := f.read
	f.read = func(r *reading, n *node, into *string) {
		if !regionName(n.text) {
			r.wrong(n, f.shape.want)
			return
		}
		read(r, n, into)
	}
	return f
}

func commitmentsForm() form[design.Commitments] {
	return mapping("Commitments", "Savings Plans and Reserved Instances that the account owns and that may cover this workload.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}}}\ncommitments:\n  savings_plans: [{type: compute, term: 1yr, payment: no_upfront, hourly: 2.00}]\n  reservations: [{type: m5.large, count: 2, offering: standard, term: 1yr, payment: no_upfront}]\n",
		field("savings_plans", "Savings Plans.", listOf(savingsPlanForm(), false), func(c *design.Commitments) *[]design.SavingsPlan { return &c.SavingsPlans }),
		field("reservations", "Reserved Instances.", listOf(reservationForm(), false), func(c *design.Commitments) *[]design.Reservation { return &c.Reservations }),
	)
}

func savingsPlanForm() form[design.SavingsPlan] {
	plan := mapping("Savings Plan", "One Savings Plan.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}}}\ncommitments: {savings_plans: [{type: ec2_instance, family: m5, region: us-east-1, term: 3yr, payment: all_upfront, hourly: 0.50}]}\n",
		field("name", "A name for it.", text("a name"), func(p *design.SavingsPlan) *string { return &p.Name }),
		must(field("type", "compute, or ec2_instance for one instance family in one region.", oneOf(choice[string]{"compute", "Compute"}, choice[string]{"ec2_instance", "EC2Instance"}),
			func(p *design.SavingsPlan) *string { return &p.Kind })),
		field("family", "The instance family, of ec2_instance.", text("an instance family such as m5", "m5"), func(p *design.SavingsPlan) *string { return &p.Family }),
		field("region", "The region, of ec2_instance; the workload's where nothing is said.", regionForm(), func(p *design.SavingsPlan) *string { return &p.Region }),
		must(field("term", "1yr or 3yr.", termForm(), func(p *design.SavingsPlan) *string { return &p.Term })),
		must(field("payment", "How it is paid.", paymentForm(), func(p *design.SavingsPlan) *string { return &p.Payment })),
		must(field("hourly", "The commitment in USD an hour.", number(dollars()), func(p *design.SavingsPlan) *float64 { return &p.Hourly })),
	)
	return form[design.SavingsPlan]{plan.shape, func(r *reading, n *node, into *design.SavingsPlan) {
		plan.read(r, n, into)
		if into.Kind == "EC2Instance" && into.Family == "" {
			r.errorf(n, "the key family is missing: an ec2_instance plan is for one instance family such as m5")
		}
	}}
}

func reservationForm() form[design.Reservation] {
	return mapping("Reservation", "Reserved Instances of one kind.",
		"services: {api: {task: {cpu: 0.5, memory: 1GB}}}\ncommitments: {reservations: [{type: m5.large, os: windows, count: 2, offering: convertible, term: 1yr, payment: no_upfront}]}\n",
		must(field("type", "The instance type.", text("an instance type such as m5.large", "m5.large"), func(v *design.Reservation) *string { return &v.InstanceType })),
		field("os", "Operating system; linux where nothing is said.", oneOf(choice[design.OS]{"linux", design.Linux}, choice[design.OS]{"windows", design.Windows}),
			func(v *design.Reservation) *design.OS { return &v.OS }),
		must(field("count", "How many.", number(whole()), func(v *design.Reservation) *float64 { return &v.Count })),
		field("offering", "standard or convertible; standard where nothing is said.", oneOf(choice[string]{"standard", "standard"}, choice[string]{"convertible", "convertible"}),
			func(v *design.Reservation) *string { return &v.Offering }),
		must(field("term", "1yr or 3yr.", termForm(), func(v *design.Reservation) *string { return &v.Term })),
		must(field("payment", "How it is paid.", paymentForm(), func(v *design.Reservation) *string { return &v.Payment })),
	)
}

// completeCommitments fills in what a commitment means where it is silent.
func completeCommitments(c *design.Commitments, region design.Fact[string]) {
	for i := range c.SavingsPlans {
		if p := &c.SavingsPlans[i]; p.Kind == "EC2Instance" && p.Region == "" {
			p.Region = region.Value
		}
	}
	for i := range c.Reservations {
		v := &c.Reservations[i]
		if v.OS == "" {
			v.OS = design.Linux
		}
		if v.Offering == "" {
			v.Offering = "standard"
		}
	}
}
