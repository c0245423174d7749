package advisor

import (
	"context"
	"fmt"
	"math"
	"strings"

	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/design"
)

// schedule finds the hours of the week in which a service could be off, and turns
// them into scheduled actions. docs/schedule.md.
func schedule(_ context.Context, c *serviceCase, f *findings) error {
	if c.service.Count.Runs != nil || c.measured.Tasks.Count() == 0 {
		return nil
	}
	if c.missing != "" {
		return nil // the sizing lever says what is missing
	}
	if c.running != nil && c.running.Scaling != nil && len(c.running.Scaling.Scheduled) > 0 {
		return nil // it has a schedule
	}
	activity := c.measured.Work
	quiet, err := demand.OffHours(activity)
	if err != nil {
		f.abstain(LeverSchedule, c.subject, strings.TrimPrefix(err.Error(), "off-hours: "))
		return nil
	}
	cpu, _ := c.service.Task.Sizes()
	production := !c.nonProduction()
	// Of production only what does nothing at all at night is worth a question.
	if quiet.OnHoursPerWeek >= hoursPerWeek || production && !(quiet.Level < idleAt*cpu.Value) || production && len(c.service.Ingress) > 0 {
		return nil
	}
	on := c.onShare(&quiet)
	r, ok, err := c.recommend(LeverSchedule, fmt.Sprintf("on for %v of 168 hours a week: %s", quiet.OnHoursPerWeek, hoursText(&quiet)), func(s *design.Service) error {
		scaleCount(s, on)
		return nil
	})
	if err != nil || !ok {
		return err
	}
	r.onHours = quiet.OnHours[:]
	r.Effort, r.Risk = EffortSetting, RiskLow
	r.RiskReasons = []string{"whoever needs it outside of these hours has to start it"}
	if production {
		r.Risk = RiskHigh
		r.RiskReasons = []string{"nothing says that it is not production: a quiet CPU does not prove that nobody waits"}
	}
	r.Evidence.Bound = fmt.Sprintf("%.0f %% of the off-hours of %d days were at rest (at most %.3g vCPU)", 100*quiet.Share, quiet.DaysSeen, quiet.Level)
	r.Reasons = []string{
		"only its tasks stop: load balancers, NAT gateways and Container Insights go on costing what they cost",
		"minimum and maximum are set to 0 and back, since a target tracking policy does not leave or reach 0 by itself",
	}
	r.Patches = c.schedulePatches(&quiet)
	f.recommend(r)
	return nil
}

const hoursPerWeek = 168

// onShare is the share of the task-hours that fall into the on-hours.
func (c *serviceCase) onShare(quiet *demand.Quiet) float64 {
	on, all := 0.0, 0.0
	for i, n := range c.measured.Tasks.Values {
		if math.IsNaN(n) {
			continue
		}
		at := c.measured.Tasks.At(i).UTC()
		hour := (int(at.Weekday()+6)%7)*24 + at.Hour()
		all += n
		if quiet.OnHours[hour] {
			on += n
		}
	}
	return on / all
}

// weekdays as AWS's cron expressions name them, Monday first.
func weekdays() []string { return []string{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"} }

// switching is a time of day at which a service goes on or off.
type switching struct {
	hour int
	on   bool
}

// switchings are those of each day.
func switchings(quiet *demand.Quiet) [7][]switching {
	var days [7][]switching
	for h := range hoursPerWeek {
		before := quiet.OnHours[(h+hoursPerWeek-1)%hoursPerWeek]
		if now := quiet.OnHours[h]; now != before {
			days[h/24] = append(days[h/24], switching{h % 24, now})
		}
	}
	return days
}

// action is a scheduled action: on or off at an hour of some days.
type action struct {
	switching
	days []string
}

// actions gathers the days that switch alike.
func actions(quiet *demand.Quiet) []action {
	var all []action
	for day, list := range switchings(quiet) {
		for _, s := range list {
			found := false
			for i := range all {
				if all[i].switching == s {
					all[i].days = append(all[i].days, weekdays()[day])
					found = true
				}
			}
			if !found {
				all = append(all, action{s, []string{weekdays()[day]}})
			}
		}
	}
	return all
}

// hoursText says when a service is on.
func hoursText(quiet *demand.Quiet) string {
	var parts []string
	for _, a := range actions(quiet) {
		what := "off"
		if a.on {
			what = "on"
		}
		parts = append(parts, fmt.Sprintf("%s at %02d:00 UTC %s", what, a.hour, daysText(a.days)))
	}
	return strings.Join(parts, ", ")
}

// daysText shortens days in a row: MON-FRI.
func daysText(days []string) string {
	all := strings.Join(weekdays(), ",")
	joined := strings.Join(days, ",")
	if len(days) > 2 && strings.Contains(all, joined) {
		return days[0] + "-" + days[len(days)-1]
	}
	return joined
}

// schedulePatches are the scheduled actions. A service without a scalable target
// gets one first.
// Source: docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html.
func (c *serviceCase) schedulePatches(quiet *demand.Quiet) []Patch {
	low, high := math.Max(1, leastTasks(&c.service)), math.Max(1, leastTasks(&c.service))
	var cli, terraform []string
	resource := hcl("service/" + c.subject.Cluster + "/" + c.subject.Name)
	if c.running != nil && c.running.Scaling != nil {
		low, high = c.running.Scaling.Min, c.running.Scaling.Max
	} else {
		cli = append(cli, fmt.Sprintf("aws application-autoscaling register-scalable-target %s --min-capacity 0 --max-capacity %v", c.scalableTarget(), high))
		terraform = append(terraform, fmt.Sprintf("resource \"aws_appautoscaling_target\" \"off_hours\" {\n  service_namespace  = \"ecs\"\n  scalable_dimension = \"ecs:service:DesiredCount\"\n  resource_id        = %s\n  min_capacity       = 0\n  max_capacity       = %v\n}", resource, high))
	}
	for i, a := range actions(quiet) {
		name, bounds := fmt.Sprintf("off-hours-%d", i+1), "MinCapacity=0,MaxCapacity=0"
		lowest, highest := 0.0, 0.0
		if a.on {
			name, bounds = fmt.Sprintf("on-hours-%d", i+1), fmt.Sprintf("MinCapacity=%v,MaxCapacity=%v", low, high)
			lowest, highest = low, high
		}
		cron := fmt.Sprintf("cron(0 %d ? * %s *)", a.hour, daysText(a.days))
		cli = append(cli, fmt.Sprintf("aws application-autoscaling put-scheduled-action %s --scheduled-action-name %s --schedule %s --scalable-target-action %s",
			c.scalableTarget(), name, shell(cron), bounds))
		terraform = append(terraform, fmt.Sprintf("resource \"aws_appautoscaling_scheduled_action\" %q {\n  name               = %q\n  service_namespace  = \"ecs\"\n  scalable_dimension = \"ecs:service:DesiredCount\"\n  resource_id        = %s\n  schedule           = %q\n  scalable_target_action {\n    min_capacity = %v\n    max_capacity = %v\n  }\n}",
			strings.ReplaceAll(name, "-", "_"), name, resource, cron, lowest, highest))
	}
	return []Patch{{FormTerraform, strings.Join(terraform, "\n")}, {FormCLI, strings.Join(cli, "\n")}}
}
