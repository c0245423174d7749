package review_test

import (
	"fmt"
	"time"

	"ecsavvy/cmd/internal/review"
)

func ExampleCompose() {
	text, err := review.Compose(review.Profile{Title: "GitHub", MaxUnits: 65_000, HTML: true}, review.Comment{
		Body:    "#### Monthly cost rises by $41",
		Tag:     "prod",
		ValidAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}, review.Update)
	fmt.Println(text, err)
	// Output:
	// [//]: <> (ecsavvy-comment, tag=prod, valid-at=2026-01-02T03:04:05Z)
	//
	// #### Monthly cost rises by $41 <nil>
}

func ExampleBody_Render() {
	body := review.Body{
		Head: "#### Monthly cost rises by $41",
		Sections: []review.Section{
			{Title: "Services", Text: "| service | change |\n| --- | ---: |\n| " + review.Escape("shop|api") + " | +$41 |", Priority: 2},
			{Title: "Every line", Text: review.Fence("diff", "+ vCPU\n  +$41"), Collapsed: true, Priority: 1},
		},
		Foot: "<sub>Prices of 2026-09-29.</sub>",
	}
	fmt.Println(body.Render(review.Profile{Title: "GitHub", MaxUnits: 65_000, HTML: true}))
	// Output:
	// #### Monthly cost rises by $41
	//
	// #### Services
	//
	// | service | change |
	// | --- | ---: |
	// | shop&#124;api | +$41 |
	//
	// <details>
	// <summary>Every line</summary>
	//
	// ```diff
	// + vCPU
	//   +$41
	// ```
	//
	// </details>
	//
	// <sub>Prices of 2026-09-29.</sub>
}

func ExampleEscape() {
	fmt.Println(review.Escape("<b>@octocat</b> see #1\n/close"))
	// Output: &#60;b&#62;@&#8203;octocat&#60;/b&#62; see #&#8203;1 /close
}

func ExampleEnvironment_Resolve() {
	ci := map[string]string{"GITHUB_REPOSITORY": "acme/shop", "GITHUB_REF": "refs/pull/12/merge"}
	target, err := review.Environment{Getenv: func(name string) string { return ci[name] }}.Resolve(review.GitHub, review.Target{})
	fmt.Println(target.Repo, target.Number, err)
	// Output: acme/shop 12 <nil>
}
