package live

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// How much ECS takes in one call. Sources: the pages of the calls in
// docs.aws.amazon.com/AmazonECS/latest/APIReference.
const (
	clustersPerCall  = 100
	servicesPerCall  = 10
	tasksPerCall     = 100
	instancesPerCall = 100
	providersPerCall = 100
	perPage          = 100
)

// readClusters lists and describes the clusters, and reads each.
func (v *inventory) readClusters(ctx context.Context) {
	names := v.opts.Clusters
	if len(names) == 0 {
		pages(ctx, v.asker, "ecs:ListClusters", "", v.ecs.ListClusters, &ecs.ListClustersInput{MaxResults: aws.Int32(perPage)},
			func(in *ecs.ListClustersInput, out *ecs.ListClustersOutput) *string {
				in.NextToken = out.NextToken
				return out.NextToken
			}, func(out *ecs.ListClustersOutput) { names = append(names, out.ClusterArns...) })
	}
	forEach(chunks(names, clustersPerCall), func(names []string) {
		out, ok := ask(ctx, v.asker, "ecs:DescribeClusters", "", v.ecs.DescribeClusters, &ecs.DescribeClustersInput{
			Clusters: names, Include: []types.ClusterField{types.ClusterFieldSettings, types.ClusterFieldStatistics, types.ClusterFieldTags},
		})
		if !ok {
			return
		}
		for _, f := range out.Failures {
			if aws.ToString(f.Reason) == "MISSING" {
				v.mu.Lock()
				v.found.Missing = append(v.found.Missing, lastPart(aws.ToString(f.Arn)))
				v.mu.Unlock()
			}
		}
		v.keep(v.scope, "ecs:DescribeClusters", lowerShape(out))
		forEach(out.Clusters, func(c types.Cluster) { v.readCluster(ctx, c) })
	})
}

// readCluster reads the services, tasks and instances of a cluster.
func (v *inventory) readCluster(ctx context.Context, c types.Cluster) {
	name := aws.ToString(c.ClusterName)
	if aws.ToString(c.Status) == "INACTIVE" {
		v.mu.Lock()
		v.found.Missing = append(v.found.Missing, name)
		v.mu.Unlock()
		return
	}
	insights := InsightsDisabled
	for _, s := range c.Settings {
		if s.Name == types.ClusterSettingNameContainerInsights {
			insights = Insights(aws.ToString(s.Value))
		}
	}
	v.mu.Lock()
	v.found.Clusters = append(v.found.Clusters, name)
	v.insights[name] = insights
	if insights != InsightsDisabled {
		v.logGroups["/aws/ecs/containerinsights/"+name+"/performance"] = true
	}
	v.mu.Unlock()
	v.add(v.providers, ownProviders(c.CapacityProviders)...)
	together(
		func() {
			running := v.readServices(ctx, c)
			v.readTasks(ctx, c, running)
		},
		func() {
			if c.RegisteredContainerInstancesCount > 0 {
				v.readContainerInstances(ctx, c)
			}
		},
	)
}

// ownProviders leaves out those that AWS provides.
func ownProviders(names []string) []string {
	var own []string
	for _, name := range names {
		if name != "FARGATE" && name != "FARGATE_SPOT" {
			own = append(own, name)
		}
	}
	return own
}

// readServices returns how many tasks run for services.
func (v *inventory) readServices(ctx context.Context, c types.Cluster) (running int32) {
	var arns []string
	pages(ctx, v.asker, "ecs:ListServices", aws.ToString(c.ClusterName), v.ecs.ListServices,
		&ecs.ListServicesInput{Cluster: c.ClusterArn, MaxResults: aws.Int32(perPage)},
		func(in *ecs.ListServicesInput, out *ecs.ListServicesOutput) *string {
			in.NextToken = out.NextToken
			return out.NextToken
		}, func(out *ecs.ListServicesOutput) { arns = append(arns, out.ServiceArns...) })
	forEach(chunks(arns, servicesPerCall), func(arns []string) {
		// Task sets are in the reply, where a service has them.
		out, ok := ask(ctx, v.asker, "ecs:DescribeServices", aws.ToString(c.ClusterName), v.ecs.DescribeServices,
			&ecs.DescribeServicesInput{Cluster: c.ClusterArn, Services: arns, Include: []types.ServiceField{types.ServiceFieldTags}})
		if !ok {
			return
		}
		for i := range out.Services {
			s := &out.Services[i]
			// Thousands of characters of a service's last events are of no use.
			s.Events = nil
			v.service(aws.ToString(c.ClusterName), s)
			v.mu.Lock()
			running += s.RunningCount
			v.mu.Unlock()
		}
		v.keep(v.scope, "ecs:DescribeServices", lowerShape(out))
	})
	return running
}

// service notes what a service leads to.
func (v *inventory) service(cluster string, s *types.Service) {
	v.mu.Lock()
	v.services[aws.ToString(s.ServiceArn)] = &ecsService{cluster: cluster, name: aws.ToString(s.ServiceName)}
	v.mu.Unlock()
	definitions := []string{aws.ToString(s.TaskDefinition)}
	networks := []*types.NetworkConfiguration{s.NetworkConfiguration}
	balancers := s.LoadBalancers
	strategy := s.CapacityProviderStrategy
	for _, d := range s.Deployments {
		definitions = append(definitions, aws.ToString(d.TaskDefinition))
	}
	for _, t := range s.TaskSets {
		definitions = append(definitions, aws.ToString(t.TaskDefinition))
		networks = append(networks, t.NetworkConfiguration)
		balancers = append(balancers, t.LoadBalancers...)
		strategy = append(strategy, t.CapacityProviderStrategy...)
	}
	for _, d := range definitions {
		v.runs(cluster, d, false)
	}
	for _, n := range networks {
		if n != nil && n.AwsvpcConfiguration != nil {
			v.add(v.subnets, n.AwsvpcConfiguration.Subnets...)
		}
	}
	for _, b := range balancers {
		v.add(v.targetGroups, aws.ToString(b.TargetGroupArn))
	}
	for _, p := range strategy {
		v.add(v.providers, ownProviders([]string{aws.ToString(p.CapacityProvider)})...)
	}
}

// readTasks reads the tasks that have stopped in the last hour, for those that
// were killed, and those that run for no service: where the cluster has no more
// tasks than its services, there are none to look for.
func (v *inventory) readTasks(ctx context.Context, c types.Cluster, ofServices int32) {
	statuses := []types.DesiredStatus{types.DesiredStatusStopped}
	if c.RunningTasksCount > ofServices || len(c.Statistics) == 0 {
		statuses = append(statuses, types.DesiredStatusRunning)
	}
	forEach(statuses, func(status types.DesiredStatus) {
		var arns []string
		pages(ctx, v.asker, "ecs:ListTasks", aws.ToString(c.ClusterName), v.ecs.ListTasks,
			&ecs.ListTasksInput{Cluster: c.ClusterArn, DesiredStatus: status, MaxResults: aws.Int32(perPage)},
			func(in *ecs.ListTasksInput, out *ecs.ListTasksOutput) *string {
				in.NextToken = out.NextToken
				return out.NextToken
			}, func(out *ecs.ListTasksOutput) { arns = append(arns, out.TaskArns...) })
		forEach(chunks(arns, tasksPerCall), func(arns []string) {
			out, ok := ask(ctx, v.asker, "ecs:DescribeTasks", aws.ToString(c.ClusterName), v.ecs.DescribeTasks,
				&ecs.DescribeTasksInput{Cluster: c.ClusterArn, Tasks: arns, Include: []types.TaskField{types.TaskFieldTags}})
			if ok {
				v.tasks(aws.ToString(c.ClusterName), out)
			}
		})
	})
}

// tasks keeps the tasks of no service, and of the others those that have stopped.
func (v *inventory) tasks(cluster string, out *ecs.DescribeTasksOutput) {
	kept := out.Tasks[:0]
	for _, t := range out.Tasks {
		ofService := strings.HasPrefix(aws.ToString(t.Group), "service:")
		if ofService && aws.ToString(t.DesiredStatus) != "STOPPED" {
			continue
		}
		kept = append(kept, t)
		if !ofService {
			v.runs(cluster, aws.ToString(t.TaskDefinitionArn), true)
			for _, a := range t.Attachments {
				for _, d := range a.Details {
					if aws.ToString(d.Name) == "subnetId" {
						v.add(v.subnets, aws.ToString(d.Value))
					}
				}
			}
		}
	}
	if out.Tasks = kept; len(kept) > 0 {
		v.keep(v.scope, "ecs:DescribeTasks", lowerShape(out))
	}
}

func (v *inventory) readContainerInstances(ctx context.Context, c types.Cluster) {
	var arns []string
	pages(ctx, v.asker, "ecs:ListContainerInstances", aws.ToString(c.ClusterName), v.ecs.ListContainerInstances,
		&ecs.ListContainerInstancesInput{Cluster: c.ClusterArn, MaxResults: aws.Int32(perPage)},
		func(in *ecs.ListContainerInstancesInput, out *ecs.ListContainerInstancesOutput) *string {
			in.NextToken = out.NextToken
			return out.NextToken
		}, func(out *ecs.ListContainerInstancesOutput) { arns = append(arns, out.ContainerInstanceArns...) })
	forEach(chunks(arns, instancesPerCall), func(arns []string) {
		out, ok := ask(ctx, v.asker, "ecs:DescribeContainerInstances", aws.ToString(c.ClusterName), v.ecs.DescribeContainerInstances,
			&ecs.DescribeContainerInstancesInput{
				Cluster: c.ClusterArn, ContainerInstances: arns,
				Include: []types.ContainerInstanceField{types.ContainerInstanceFieldTags},
			})
		if !ok {
			return
		}
		for _, i := range out.ContainerInstances {
			if id := aws.ToString(i.Ec2InstanceId); strings.HasPrefix(id, "i-") { // those of ECS Anywhere are mi-…
				v.add(v.instances, id)
			}
			v.add(v.providers, ownProviders([]string{aws.ToString(i.CapacityProviderName)})...)
		}
		v.keep(v.scope, "ecs:DescribeContainerInstances", lowerShape(out))
	})
}

// readDefinitions reads each task definition once: there is no call for several.
func (v *inventory) readDefinitions(ctx context.Context) {
	forEach(sorted(v.definitions), func(arn string) {
		out, ok := ask(ctx, v.asker, "ecs:DescribeTaskDefinition", lastPart(arn), v.ecs.DescribeTaskDefinition,
			&ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String(arn), Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}})
		if !ok || out.TaskDefinition == nil {
			return
		}
		d := out.TaskDefinition
		for i := range d.ContainerDefinitions {
			c := &d.ContainerDefinitions[i]
			if log := c.LogConfiguration; log != nil && log.LogDriver == types.LogDriverAwslogs {
				v.add(v.logGroups, log.Options["awslogs-group"])
			}
			v.add(v.images, aws.ToString(c.Image))
			v.mu.Lock()
			v.containers[aws.ToString(d.Family)] = withName(v.containers[aws.ToString(d.Family)], aws.ToString(c.Name))
			v.mu.Unlock()
		}
		v.keep(v.scope, "ecs:DescribeTaskDefinition", lowerShape(out))
	})
}

// withName adds a name that is not in the list yet.
func withName(names []string, name string) []string {
	for _, n := range names {
		if n == name {
			return names
		}
	}
	return append(names, name)
}
