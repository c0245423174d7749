package intake

import (
	"strings"

	"ecsavvy/advisor/design"
)

// fillShared takes over logs, images, secrets, file systems, namespaces, alarms.
func (f *tfFill) fillShared(s *tfSide) (ok bool) {
	st := f.stack
	switch s.r.typ {
	case "aws_cloudwatch_log_group":
		st.logGroups = append(st.logGroups, logGroup{
			cloudResource: s.resource(), retention: s.get("retention_in_days").number(), class: design.LogClass(s.get("log_group_class").text()),
		})
	case "aws_ecr_repository":
		r := ecrRepository{cloudResource: s.resource()}
		r.ids = append(r.ids, s.get("repository_url").text())
		st.repositories = append(st.repositories, r)
	case "aws_ecr_lifecycle_policy":
		st.lifecycles = append(st.lifecycles, ecrLifecycle{
			cloudResource: s.resource(""), repository: s.get("repository").ref("aws_ecr_repository"), policy: s.get("policy").fact(),
		})
	case "aws_secretsmanager_secret":
		st.secrets = append(st.secrets, secret{s.resource()})
	case "aws_ssm_parameter":
		st.parameters = append(st.parameters, parameter{cloudResource: s.resource(), tier: s.get("tier").fact()})
	case "aws_efs_file_system":
		st.fileSystems = append(st.fileSystems, efsSystem{
			cloudResource: s.resource(""),
			oneZone:       s.get("availability_zone_name").text() != "",
			mode:          s.get("throughput_mode").text(),
			provisioned:   s.get("provisioned_throughput_in_mibps").number(),
		})
	case "aws_service_discovery_http_namespace", "aws_service_discovery_private_dns_namespace", "aws_service_discovery_public_dns_namespace":
		st.namespaces = append(st.namespaces, namespace{cloudResource: s.resource(), dns: strings.Contains(s.r.typ, "_dns_")})
	case "aws_service_discovery_service":
		d := discoveryService{cloudResource: s.resource()}
		d.namespace = s.get("namespace_id").ref(namespaceTypes()...)
		if d.namespace.absent() {
			d.namespace = s.block("dns_config").get("namespace_id").ref(namespaceTypes()...)
		}
		st.discovery = append(st.discovery, d)
	case "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm":
		st.alarms = append(st.alarms, f.alarm(s))
	default:
		return false
	}
	return true
}

func namespaceTypes() []string {
	return []string{"aws_service_discovery_http_namespace", "aws_service_discovery_private_dns_namespace", "aws_service_discovery_public_dns_namespace"}
}

func (f *tfFill) alarm(s *tfSide) metricAlarm {
	a := metricAlarm{cloudResource: s.resource("alarm_name"), composite: s.r.typ == "aws_cloudwatch_composite_alarm", period: s.get("period").number()}
	for _, q := range s.block("metric_query").items() {
		metric := q.get("metric")
		if metric.none() {
			continue
		}
		a.metrics++
		if p := metric.get("period").number(); p.Stated() && (!a.period.Stated() || p.Value < a.period.Value) {
			a.period = p
		}
	}
	dimensions := s.get("dimensions")
	if dimensions.unknown() {
		a.service = dimensions.ref("aws_ecs_service")
		return a
	}
	if !dimensions.null() {
		a.cluster = dimensions.get("ClusterName").ref("aws_ecs_cluster")
		a.service = dimensions.get("ServiceName").ref("aws_ecs_service")
	}
	return a
}
