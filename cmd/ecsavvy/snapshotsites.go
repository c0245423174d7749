package main

import (
	"fmt"
	"maps"
	"runtime"
	"strings"

	"ecsavvy/advisor"
	"ecsavvy/advisor/account"
	"ecsavvy/advisor/demand"
	"ecsavvy/advisor/intake"
)

// How advice draws: enough for a P10 that a second seed moves by less than a per
// cent of the saving, the same in every run.
const (
	adviceDraws = 200
	adviceSeed  = 1
)

// adviceWorkers is how many services are judged at once.
func adviceWorkers() int { return runtime.GOMAXPROCS(0) }

// sitesOf reads the replies of a snapshot: a workload for each region of each
// account that runs something, and what only a running account says of its
// services. What an account owns as a whole (its Savings Plans) goes to the first
// of its regions, so that it counts once.
func sitesOf(snapshot *account.Snapshot) ([]advisor.Site, error) {
	owned := map[string]map[string][]byte{}
	for _, scope := range snapshot.Scopes() {
		owned[scope.Account] = nil
	}
	for name := range owned {
		files, err := snapshot.Replies(account.Scope{Account: name, Region: account.Global})
		if err != nil {
			return nil, err
		}
		owned[name] = files
	}
	var sites []advisor.Site
	for _, scope := range snapshot.Scopes() {
		files, err := snapshot.Replies(scope)
		if err != nil {
			return nil, err
		}
		if scope.Region == account.Global || !runsSomething(files) {
			continue
		}
		maps.Copy(files, owned[scope.Account])
		site, err := siteOf(snapshot, scope, files)
		if err != nil {
			return nil, fmt.Errorf("reading the replies of %s in %s: %w", scope.Account, scope.Region, err)
		}
		owned[scope.Account] = nil
		sites = append(sites, site)
	}
	return sites, nil
}

// runsSomething reports whether replies hold a service or a task: others say
// nothing that anybody could advise on.
func runsSomething(files map[string][]byte) bool {
	for name := range files {
		if strings.Contains(name, "ecs-describe-services") || strings.Contains(name, "ecs-describe-tasks") {
			return true
		}
	}
	return false
}

func siteOf(snapshot *account.Snapshot, scope account.Scope, files map[string][]byte) (advisor.Site, error) {
	w, err := intake.ReadDescriptions(files, intake.Options{Region: scope.Region})
	if err != nil {
		return advisor.Site{}, err
	}
	w.Name = scope.Account
	running, err := intake.ReadRunning(files)
	if err != nil {
		return advisor.Site{}, err
	}
	return advisor.Site{Scope: scope, Workload: w, Running: running, Snapshot: snapshot}, nil
}

// presetNames are the weights of risk against money, the most careful first.
func presetNames() []string { return []string{"cautious", "balanced", "bold"} }

func penaltyOf(preset string) demand.Penalty {
	switch preset {
	case "cautious":
		return demand.Cautious()
	case "bold":
		return demand.Bold()
	default:
		return demand.Balanced()
	}
}
