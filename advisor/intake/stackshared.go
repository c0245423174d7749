package intake

import "ecsavvy/advisor/design"

// logGroup is a CloudWatch Logs log group.
type logGroup struct {
	cloudResource
	// retention is in days; 0 and absent mean that logs never expire.
	retention fact[float64]
	class     design.LogClass
	// stored is GB at rest, where an account shows it.
	stored fact[float64]
}

// ecrRepository is an ECR repository.
type ecrRepository struct {
	cloudResource
	// policy is the lifecycle policy's JSON, where it stands in the
	// repository.
	policy fact[string]
	// stored is GB at rest and imageGB that of one image, where an account
	// shows them.
	stored, imageGB fact[float64]
}

// ecrLifecycle is a lifecycle policy that is a resource of its own.
type ecrLifecycle struct {
	cloudResource
	repository ref
	policy     fact[string] // JSON
}

// secret is a Secrets Manager secret.
type secret struct{ cloudResource }

// parameter is a Parameter Store parameter.
type parameter struct {
	cloudResource
	tier fact[string] // "Standard", "Advanced", "Intelligent-Tiering"; absent is standard
}

// efsSystem is an EFS file system.
type efsSystem struct {
	cloudResource
	// oneZone says that it lies in one Availability Zone.
	oneZone bool
	// mode is "bursting", "elastic" or "provisioned"; "" is bursting.
	mode        string
	provisioned fact[float64] // MiB/s
	// stored, infrequent and archive are GB in each storage class, where an
	// account shows them.
	stored, infrequent, archive fact[float64]
}

// namespace is a Cloud Map namespace.
type namespace struct {
	cloudResource
	// dns says that it has a hosted zone.
	dns bool
}

// discoveryService is a Cloud Map service.
type discoveryService struct {
	cloudResource
	namespace ref
}

// metricAlarm is a CloudWatch alarm.
type metricAlarm struct {
	cloudResource
	composite bool
	// period is in seconds; below 60 the alarm is of high resolution.
	period fact[float64]
	// metrics is how many metrics it watches: AWS bills each. 0 is one.
	metrics int
	// cluster and service are the alarm's dimensions.
	cluster, service ref
}
