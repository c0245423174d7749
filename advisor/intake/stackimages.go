package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ecsavvy/advisor/design"
)

// images takes over the ECR repositories with what their lifecycle policies keep.
func (j *joining) images() {
	repositories := indexResources(j.s.repositories, func(r *ecrRepository) *cloudResource { return &r.cloudResource })
	names := uniqueTitles(repositories, func(r *ecrRepository) *cloudResource { return &r.cloudResource })
	pulled := make(users)
	for i := range j.joined {
		for _, c := range j.w.Services[i].Task.Containers {
			pulled.add(repositories.find(refText(repositoryOf(c.Image))), i)
		}
		for _, n := range repositories.distinct(j.joined[i].mentions) {
			pulled.add(n, i)
		}
	}
	policies := make(map[int]fact[string])
	for i := range j.s.repositories {
		policies[i] = j.s.repositories[i].policy
	}
	for i := range j.s.lifecycles {
		if n := repositories.find(j.s.lifecycles[i].repository); n >= 0 {
			policies[n] = j.s.lifecycles[i].policy
		}
	}
	for n := range j.s.repositories {
		out := design.Repository{Name: names[n], Service: j.owner(pulled, n), Stored: j.s.repositories[n].stored}
		out.ImageGB = orElse(j.s.repositories[n].imageGB, design.NotKnown[float64]("image sizes are not in "+j.s.code))
		keep(policies[n], &out)
		j.w.Repositories = append(j.w.Repositories, out)
	}
}

// repositoryOf is the repository of a private ECR image:
// 1234.dkr.ecr.eu-west-2.amazonaws.com/shop/api:1.2 is of shop/api. Other images
// are returned without their tag: code may write the repository's key there.
func repositoryOf(image string) string {
	if host, path, ok := strings.Cut(image, "/"); ok && strings.Contains(host, ".dkr.ecr.") {
		image = path
	}
	image, _, _ = strings.Cut(image, "@")
	if colon := strings.LastIndexByte(image, ':'); colon > strings.LastIndexByte(image, '/') {
		image = image[:colon]
	}
	return image
}

// keep reads what a lifecycle policy leaves: the rule for images of any tag,
// or of every tag, by count or by age since the push.
// Source: docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html.
func keep(policy fact[string], out *design.Repository) {
	if absent(policy) {
		out.KeepImages = design.NotKnown[float64]("the repository has no lifecycle policy: it keeps every image")
		return
	}
	if !policy.Stated() {
		out.KeepImages = design.NotKnown[float64]("the lifecycle policy is not known: " + policy.Note)
		return
	}
	root, err := parseJSON("", []byte(policy.Value))
	rules := root.get("rules")
	if err != nil || rules == nil {
		out.KeepImages = design.NotKnown[float64]("the lifecycle policy has no rules that can be read")
		return
	}
	for _, rule := range rules.items {
		selection := rule.get("selection")
		number := 0.0
		if n := selection.get("countNumber"); n != nil {
			number, _ = parseNumber(n.text)
		}
		if number == 0 || !coversAll(selection) || textOf(rule.get("action").get("type")) != "expire" {
			continue
		}
		switch textOf(selection.get("countType")) {
		case "imageCountMoreThan":
			if !out.KeepImages.Stated() || number < out.KeepImages.Value {
				out.KeepImages = design.Know(number)
			}
		case "sinceImagePushed":
			if !out.KeepDays.Stated() || number < out.KeepDays.Value {
				out.KeepDays = design.Know(number)
			}
		}
	}
	if !out.KeepImages.Stated() && !out.KeepDays.Stated() {
		out.KeepImages = design.NotKnown[float64]("no rule of the lifecycle policy limits images of every tag")
	}
}

// coversAll reports whether a rule's selection has every tagged image: tag
// status any, or a pattern of * alone.
func coversAll(selection *node) bool {
	if textOf(selection.get("tagStatus")) == "any" {
		return true
	}
	patterns := selection.get("tagPatternList")
	return textOf(selection.get("tagStatus")) == "tagged" && patterns != nil &&
		slices.ContainsFunc(patterns.items, func(n *node) bool { return n.text == "*" })
}

// textOf is a scalar's text, "" of anything else.
func textOf(n *node) string {
	if n == nil || !n.scalar() && n.kind != boolNode {
		return ""
	}
	return n.text
}

// serviceNamed is the workload's name of the service with a key; "" where its
// tasks are in task sets.
func (j *joining) serviceNamed(key string) string {
	if j.nameOf == nil {
		j.nameOf = make(map[string]string, len(j.joined))
		for i := range j.joined {
			j.nameOf[j.joined[i].key] = j.w.Services[i].Name
		}
	}
	return j.nameOf[key]
}

// secretStores takes over secrets and parameters: those of one service are its
// own, those that several read or none are shared, so that each is billed once.
func (j *joining) secretStores() {
	secrets := indexResources(j.s.secrets, func(s *secret) *cloudResource { return &s.cloudResource })
	parameters := indexResources(j.s.parameters, func(p *parameter) *cloudResource { return &p.cloudResource })
	readSecrets, readParameters := make(users), make(users)
	outside := map[string]map[string][]int{secretsManager: {}, parameterStore: {}}
	for i := range j.joined {
		from := &j.joined[i]
		for store, ids := range from.def.secrets {
			for id := range ids {
				if n := secretOf(secrets, id); n >= 0 {
					readSecrets.add(n, i)
				} else if n := parameterOf(parameters, id); n >= 0 {
					readParameters.add(n, i)
				} else {
					outside[store][id] = append(outside[store][id], i)
				}
			}
		}
		for _, n := range secrets.distinct(from.mentions) {
			readSecrets.add(n, i)
		}
		for _, n := range parameters.distinct(from.mentions) {
			readParameters.add(n, i)
		}
	}
	stores := make(map[string]*design.SecretStore)
	of := func(service string) *design.SecretStore {
		if stores[service] == nil {
			stores[service] = &design.SecretStore{Name: cmpOr(service, "secrets"), Service: service}
		}
		return stores[service]
	}
	ownerOf := func(list []int) *design.SecretStore {
		if len(list) == 1 {
			return of(j.w.Services[list[0]].Name)
		}
		return of("")
	}
	for n := range j.s.secrets {
		s := ownerOf(readSecrets[n])
		s.Secrets = addFacts(s.Secrets, design.Know(1.0))
	}
	for n := range j.s.parameters {
		j.s.parameters[n].count(ownerOf(readParameters[n]))
	}
	for _, id := range slices.Sorted(maps.Keys(outside[secretsManager])) {
		s := ownerOf(outside[secretsManager][id])
		s.Secrets = addFacts(s.Secrets, design.Know(1.0))
	}
	for _, id := range slices.Sorted(maps.Keys(outside[parameterStore])) {
		s := ownerOf(outside[parameterStore][id])
		s.StandardParameters = addFacts(s.StandardParameters, design.Assume(1.0, "a task definition does not tell standard from advanced parameters"))
	}
	for _, service := range slices.Sorted(maps.Keys(stores)) {
		j.w.Secrets = append(j.w.Secrets, *stores[service])
	}
}

// secretOf finds a secret by its ARN, which ends in six random characters where
// AWS made it, or by name.
func secretOf(secrets *resourceIndex[secret], id string) int {
	if n := secrets.find(refText(id)); n >= 0 {
		return n
	}
	name := arnName(id)
	if dash := strings.LastIndexByte(name, '-'); dash > 0 && len(name)-dash == 7 {
		return secrets.find(refText(name[:dash]))
	}
	return -1
}

// parameterOf finds a parameter by its name or its ARN, which has the name
// without the slash that a path begins with.
func parameterOf(parameters *resourceIndex[parameter], id string) int {
	if n := parameters.find(refText(id)); n >= 0 {
		return n
	}
	return parameters.find(refText("/" + arnName(id)))
}

// count adds a parameter to a store, by its tier.
func (p *parameter) count(s *design.SecretStore) {
	one := design.Know(1.0)
	switch {
	case p.tier.Value == "Advanced":
		s.AdvancedParameters = addFacts(s.AdvancedParameters, one)
	case p.tier.Stated() && p.tier.Value != "Standard":
		s.StandardParameters = addFacts(s.StandardParameters, design.Assume(1.0, fmt.Sprintf("a parameter of tier %s is taken as a standard one", clip(p.tier.Value))))
	case !p.tier.Stated() && !absent(p.tier):
		s.StandardParameters = addFacts(s.StandardParameters, design.Assume(1.0, "a parameter's tier is not known; standard is taken"))
	default:
		s.StandardParameters = addFacts(s.StandardParameters, one)
	}
}
