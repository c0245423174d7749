package advisor

import (
	"fmt"
	"math"
	"strings"

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
		switch {
		case p.KeepImages.Stated() || p.KeepDays.Stated() || !strings.Contains(p.KeepImages.Note, "no lifecycle policy"):
			continue
		case !p.Stored.Stated() || !p.ImageGB.Stated():
			f.abstain(LeverImageStorage, subject, "needs the sizes of its images: "+firstNote(p.ImageGB.Note, "ecr describe-images was not read"))
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
