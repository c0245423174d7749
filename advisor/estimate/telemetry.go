package estimate

import (
	"ecsavvy/advisor/design"
)

const cloudWatch = "AmazonCloudWatch"

const (
	// storedPerIngested is the compression of stored log data that AWS's
	// pricing calculator uses: 100 GB ingested × 0.15 = 15 GB a month of
	// retention. Source: calculator.aws, CloudWatch Logs, "Storage
	// compression factor".
	storedPerIngested = 0.15
	// daysPerMonth turns a retention in days into months of 730 h.
	daysPerMonth = 365.0 / 12
	// neverExpireMonths is the age at which logs that never expire are
	// priced: their storage grows every month.
	neverExpireMonths = 12
)

// logGroup meters CloudWatch Logs:
//
//	ingestion GB, by class
//	storage GB-months = ingestion × 0.15 × months of retention, in the steady state
//
// Source: aws.amazon.com/cloudwatch/pricing. The 5 GB that every account has
// free are not taken off: other workloads use them too.
func (m *meter) logGroup(g *design.LogGroup, r resource) {
	path := "logs." + g.Name
	if g.Service != "" {
		path = "services." + g.Service + ".logs"
	}
	ingest := take(m, path+".ingest", g.Ingest)
	usageType, class := "DataProcessing-Bytes", "standard"
	if g.Class == design.LogInfrequentAccess {
		usageType, class = "DataProcessingIA-Bytes", "infrequent access"
	}
	r.use(Logs, "CloudWatch Logs ingestion", class, m.sku(cloudWatch, usageType), ingest, num(ingest.Value)+" GB")
	stored, why := g.Stored, num(g.Stored.Value)+" GB stored"
	if !stored.Stated() {
		months := design.Scale(g.RetentionDays, 1/daysPerMonth)
		if months.Value == 0 { // "never", and also where nobody said
			months = design.Assume(float64(neverExpireMonths), "logs never expire: storage priced as it is after 12 months, and growing")
		}
		months = take(m, path+".retention", months)
		stored = design.Times(design.Scale(ingest, storedPerIngested), months)
		why = num(ingest.Value) + " GB × 0.15 compressed × " + num(months.Value) + " months"
		if !ingest.Stated() {
			return // the unpriced ingestion says it already
		}
	}
	r.use(Logs, "CloudWatch Logs storage", "", m.sku(cloudWatch, "TimedStorage-ByteHrs"), stored, why)
}

// insightCounts are the metrics that Container Insights writes for each part.
type insightCounts struct {
	cluster, family, service float64
	task                     float64 // enhanced only: each task and each container
}

// standardInsights counts the dimension sets listed for each metric in
// docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html:
// on Fargate ten by family, with deployment and task counts fifteen by
// service, with two counts twelve by cluster; on EC2 without the ephemeral
// storage metrics.
func standardInsights(fargate bool) insightCounts {
	if fargate {
		return insightCounts{cluster: 12, family: 10, service: 15}
	}
	return insightCounts{cluster: 11, family: 8, service: 13}
}

// enhancedInsights is 29 for a cluster, 31 for a service, 26 each for a task
// definition family, a task and a container. It reproduces the 2,264 metrics
// of the worked example on aws.amazon.com/cloudwatch/pricing (one cluster, five
// services, 80 families, tasks and containers); the split itself is from a
// secondary source.
func enhancedInsights() insightCounts {
	return insightCounts{cluster: 29, service: 31, family: 26, task: 26}
}

// insights meters Container Insights by metric count. Standard metrics are
// custom metrics; enhanced ones have a rate of their own. A task that is
// replaced starts a new series, and its hours are prorated, so the mean number
// of tasks counts.
func (m *meter) insights(c *design.Cluster, r resource) {
	path := clusterPath(c.Name) + ".insights"
	setting := take(m, path, c.Insights)
	if setting.Value != design.InsightsStandard && setting.Value != design.InsightsEnhanced {
		return
	}
	services, families, parts := 0.0, map[string]bool{}, design.Know(0.0)
	fargate := false
	for i := range m.w.Services {
		s := &m.w.Services[i]
		if s.Cluster != c.Name {
			continue
		}
		if s.Count.Runs == nil {
			services++
		}
		families[s.Task.Family+"/"+s.Name] = true
		for _, t := range m.taskHours(s) {
			fargate = fargate || t.provider.Kind.OnFargate()
			if hours, counted := m.daemons[s]; counted {
				t.hours = hours
			}
			perTask := float64(1 + len(s.Task.Containers) + len(sidecars(s)))
			parts = design.Plus(parts, design.Scale(t.hours, perTask/m.hours))
		}
	}
	if setting.Value == design.InsightsStandard {
		n := standardInsights(fargate)
		metrics := n.cluster + n.service*services + n.family*float64(len(families))
		m.assume(path, "metrics counted from AWS's list of Container Insights metrics; clusters in use showed fewer and more")
		r.use(Monitoring, "Container Insights metrics", "standard", m.sku(cloudWatch, "CW:MetricMonitorUsage"), design.Assume(metrics, ""),
			num(n.cluster)+" + "+num(n.service)+" × "+num(services)+" services + "+num(n.family)+" × "+num(float64(len(families)))+" families")
		return
	}
	n := enhancedInsights()
	fixed := n.cluster + n.service*services + n.family*float64(len(families))
	m.assume(path, "29 metrics a cluster, 31 a service, 26 each a family, task and container")
	metrics := design.Plus(design.Assume(fixed, ""), design.Scale(parts, n.task))
	r.use(Monitoring, "Container Insights metrics", "enhanced", m.sku(cloudWatch, "CW:MetricsUsage"), metrics,
		num(n.cluster)+" + "+num(n.service)+" × "+num(services)+" services + "+num(n.family)+" × ("+num(float64(len(families)))+" families + "+num(parts.Value)+" tasks and containers)")
}

// alarms meters CloudWatch alarms by kind, alarm-months.
func (m *meter) alarms(a *design.Alarms, r resource, path string) {
	for _, kind := range []struct {
		count                       quantity
		detail, usageType, selector string
	}{
		{a.Standard, "standard", "CW:AlarmMonitorUsage", "alarmType=Standard"},
		{a.HighResolution, "high resolution", "CW:HighResAlarmMonitorUsage", "alarmType=High Resolution"},
		{a.Composite, "composite", "CW:CompositeAlarmMonitorUsage", "alarmType=Composite"},
	} {
		if kind.count.Stated() || kind.count.Note != "" {
			n := take(m, path, kind.count)
			r.use(Monitoring, "CloudWatch alarms", kind.detail, m.sku(cloudWatch, kind.usageType, kind.selector), n, num(n.Value)+" alarms")
		}
	}
}
