package demand

// Measured is what was measured of one service. Series that were not read are
// empty; those that are there have one start and one step.
type Measured struct {
	// Work is vCPU in use over all tasks, the mean of each step.
	Work Series
	// Memory is GB (2^30) in use over all tasks, the mean of each step.
	Memory Series
	// HotCPU is the CPU utilisation of the hottest task, as a share of the task's
	// size (1 is all of it): the Maximum of AWS/ECS CPUUtilization.
	HotCPU Series
	// HotMemory is the memory utilisation of the hottest task, as a share of the
	// task's size.
	HotMemory Series
	// Tasks is the number of running tasks, the mean of each step.
	Tasks Series
	// Requests is requests a second at the load balancer, empty where there is none.
	Requests Series
	// TaskVCPU is the size of a task in vCPU while this was measured, which HotCPU is
	// a share of; 0 where it is not known or changed within the window.
	TaskVCPU float64
	// Source says which metrics these are: "ECS/ContainerInsights", "AWS/ECS".
	Source string
}
