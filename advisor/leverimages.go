package advisor

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ecsavvy/advisor/account"
	"ecsavvy/advisor/design"
)

// keptImages is how many images a lifecycle policy keeps where there is none yet:
// enough to roll back by. A choice.
const keptImages = 10

// images finds repositories that keep every image. docs/images.md.
func images(s *site, f *findings) error {
	for i := range s.workload.Repositories {
		p := s.workload.Repositories[i]
		subject := s.subject("repository", "", p.Name, nil)
		all, missing := s.keepsAll(&p)
		if missing != "" {
			f.abstain(LeverImageStorage, subject, missing)
		}
		if !all {
			continue
		}
		kept := math.Min(p.Stored.Value, keptImages*p.ImageGB.Value)
		policy := fmt.Sprintf(`{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":%d},"action":{"type":"expire"}}]}`, keptImages)
		r, ok, err := s.recommend(Recommendation{
			Lever: LeverImageStorage, Subject: subject, Title: fmt.Sprintf("keep the last %d images", keptImages),
			Risk: RiskMedium, RiskReasons: []string{
				"an image that a service still runs can be older than the last ten: tag those apart, or raise the count, before the policy is on",
			},
			Effort:  EffortSetting,
			Reasons: []string{"layers that images share are stored once: the stored size is the sum over the images, so both the cost and the saving are the most they can be"},
			Patches: []Patch{
				{FormTerraform, fmt.Sprintf("resource \"aws_ecr_lifecycle_policy\" \"keep\" {\n  repository = %s\n  policy     = %s\n}", hcl(p.Name), hcl(policy))},
				{FormCLI, fmt.Sprintf("aws ecr start-lifecycle-policy-preview --region %[1]s --repository-name %[2]s --lifecycle-policy-text %[3]s\naws ecr put-lifecycle-policy --region %[1]s --repository-name %[2]s --lifecycle-policy-text %[3]s",
					shell(s.scope.Region), shell(p.Name), shell(policy))},
			},
			Change: func(w *design.Workload) error {
				for j := range w.Repositories {
					if o := &w.Repositories[j]; o.Name == p.Name {
						o.Stored, o.KeepImages = design.Assume(kept, "the last images"), design.Know(float64(keptImages))
						return nil
					}
				}
				return errGone
			},
			Evidence: Evidence{Source: "ecr describe-images", Bound: fmt.Sprintf("%.4g GB stored, %.4g GB an image", p.Stored.Value, p.ImageGB.Value), Next: "smaller images: they are pulled by every task that starts, too"},
		})
		if err != nil {
			return err
		}
		if ok {
			f.recommend(r)
		}
	}
	return nil
}

// keepsAll reports whether a repository has no lifecycle policy, and what is
// missing to say so. A snapshot asks for the policy of every repository whose
// images it lists, and AWS answers a repository without one with an error that is
// no failure: what is in neither the replies nor the failures does not exist.
func (s *site) keepsAll(p *design.Repository) (all bool, missing string) {
	note := p.KeepImages.Note
	unknown := strings.Contains(note, "policy is not known")
	switch {
	case p.KeepImages.Stated() || p.KeepDays.Stated() || !unknown && !strings.Contains(note, "no lifecycle policy"):
		return false, ""
	case unknown && slices.ContainsFunc(s.manifest.Failures, func(f account.Failure) bool {
		return f.Scope == s.scope && f.Call == "ecr:GetLifecyclePolicy" && (f.Resource == "" || f.Resource == p.Name)
	}):
		return false, "needs its lifecycle policy, which AWS did not let be read"
	case !p.Stored.Stated() || !p.ImageGB.Stated():
		return false, "needs the sizes of its images: " + firstNote(p.ImageGB.Note, "ecr describe-images was not read")
	}
	return true, ""
}
