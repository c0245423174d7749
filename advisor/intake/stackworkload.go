package intake

import (
	"ecsavvy/advisor/design"
)

// workload joins the resources of a stack into one workload: services with
// their task definitions, counts, capacity and load balancers, and what they
// share. What only apply can tell is unknown in the workload, with the reason;
// nothing is dropped for it.
func (s *stack) workload(opts Options) design.Workload {
	j := newJoining(s, opts)
	j.ecs()
	j.express()
	j.scheduled()
	j.nameUniquely()
	j.clustersAndGroups()
	j.balancers()
	j.network()
	j.logs()
	j.images()
	j.secretStores()
	j.files()
	j.cloudMap()
	j.alarmCounts()
	j.w.NotPriced = s.notPriced
	j.w.Normalize()
	return j.w
}

// joining is the work of joining one stack.
type joining struct {
	s    *stack
	opts Options
	w    design.Workload

	services     *resourceIndex[ecsService]
	taskDefs     *resourceIndex[ecsTaskDef]
	clusters     *resourceIndex[ecsCluster]
	providers    *resourceIndex[capacityProvider]
	targets      *resourceIndex[scalableTarget]
	balancerBy   *resourceIndex[elasticBalancer]
	listeners    *resourceIndex[balancerListener]
	targetGroups *resourceIndex[targetGroup]
	subnets      *resourceIndex[subnet]
	templates    *resourceIndex[launchTemplate]
	autoGroups   *resourceIndex[autoScalingGroup]
	instances    *resourceIndex[ec2Instance]
	interfaces   *resourceIndex[networkInterface]
	eips         *resourceIndex[elasticIP]

	// scaling is what moves each service's count, by the service's number.
	scaling map[int]*scalingOf
	// fronts are the load balancers that reach each target group.
	fronts map[int][]int
	// joined are the services of the workload with what their task
	// definition and their code say beside it; parallel to w.Services until
	// the workload is sorted.
	joined []joinedService
	// families are the task definitions with sizes, by family.
	families map[string]*ecsTaskDef
	// clusterOf are the clusters by name, those outside the stack too;
	// clusterNames are the names in the order in which they were met.
	clusterOf    map[string]*joinedCluster
	clusterNames []string
	// clusterTitles are the names of the stack's clusters, unique.
	clusterTitles []string
	// natInstances forward other instances' traffic.
	natInstances []natInstances
	// nameOf are the services' names by key.
	nameOf map[string]string
	// balancerTitles are the load balancers' names, unique.
	balancerTitles []string
	// groupNames are the capacity providers' names, unique.
	groupNames []string
}

// joinedService is what owns logs, images, secrets and file systems.
type joinedService struct {
	key      string
	def      *taskDefinition
	mentions []ref
	// registries are its Cloud Map services.
	registries []ref
	subnets    []ref
}

func newJoining(s *stack, opts Options) *joining {
	j := &joining{
		s: s, opts: opts,
		services:     indexResources(s.services, func(r *ecsService) *cloudResource { return &r.cloudResource }),
		taskDefs:     indexResources(s.taskDefs, func(r *ecsTaskDef) *cloudResource { return &r.cloudResource }),
		clusters:     indexResources(s.clusters, func(r *ecsCluster) *cloudResource { return &r.cloudResource }),
		providers:    indexResources(s.providers, func(r *capacityProvider) *cloudResource { return &r.cloudResource }),
		targets:      indexResources(s.targets, func(r *scalableTarget) *cloudResource { return &r.cloudResource }),
		balancerBy:   indexResources(s.balancers, func(r *elasticBalancer) *cloudResource { return &r.cloudResource }),
		listeners:    indexResources(s.listeners, func(r *balancerListener) *cloudResource { return &r.cloudResource }),
		targetGroups: indexResources(s.targetGroups, func(r *targetGroup) *cloudResource { return &r.cloudResource }),
		subnets:      indexResources(s.subnets, func(r *subnet) *cloudResource { return &r.cloudResource }),
		templates:    indexResources(s.templates, func(r *launchTemplate) *cloudResource { return &r.cloudResource }),
		autoGroups:   indexResources(s.autoGroups, func(r *autoScalingGroup) *cloudResource { return &r.cloudResource }),
		instances:    indexResources(s.instances, func(r *ec2Instance) *cloudResource { return &r.cloudResource }),
		interfaces:   indexResources(s.interfaces, func(r *networkInterface) *cloudResource { return &r.cloudResource }),
		eips:         indexResources(s.eips, func(r *elasticIP) *cloudResource { return &r.cloudResource }),
	}
	j.w.Name, j.w.Region = s.name, s.region
	tasks := len(s.services) + len(s.taskSets) + len(s.express) + len(s.scheduledTasks)
	j.w.Services, j.joined = make([]design.Service, 0, tasks), make([]joinedService, 0, tasks)
	j.families = make(map[string]*ecsTaskDef, len(s.taskDefs))
	for i := range s.taskDefs {
		if d := &s.taskDefs[i]; d.def != nil && d.family != "" && j.families[d.family] == nil {
			j.families[d.family] = d
		}
	}
	j.gatherClusters()
	j.scaling = j.scalingByService()
	j.fronts = j.balancersByTargetGroup()
	return j
}

// add takes over a service with what it owns.
func (j *joining) add(s design.Service, from joinedService) {
	j.w.Services = append(j.w.Services, s)
	j.joined = append(j.joined, from)
}

// nameUniquely replaces names that several services have (in several clusters,
// or by unknown prefixes) by their keys: what a service owns is found by name.
func (j *joining) nameUniquely() {
	count := make(map[string]int, len(j.w.Services))
	for i := range j.w.Services {
		count[j.w.Services[i].Name]++
	}
	for i := range j.w.Services {
		if s := &j.w.Services[i]; count[s.Name] > 1 {
			s.Name = j.joined[i].key
		}
	}
}
