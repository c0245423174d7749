package live

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

// How much Logs and ECR take in one call: 50 log groups in a page, 100 repositories
// or images by name, 1,000 images in a page.
const (
	logGroupsPerCall    = 50
	repositoriesPerCall = 100
	imagesPerCall       = 100
	imagesPerPage       = 1000
)

// readLogGroups reads the log groups of the tasks and of Container Insights. A group
// that does not exist yet is in no reply.
func (v *inventory) readLogGroups(ctx context.Context) {
	forEach(chunks(sorted(v.logGroups), logGroupsPerCall), func(names []string) {
		pages(ctx, v.asker, "logs:DescribeLogGroups", "", v.logs.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupIdentifiers: names},
			func(in *cloudwatchlogs.DescribeLogGroupsInput, out *cloudwatchlogs.DescribeLogGroupsOutput) *string {
				in.NextToken = out.NextToken
				return out.NextToken
			}, func(out *cloudwatchlogs.DescribeLogGroupsOutput) {
				out.LogGroups = slices.DeleteFunc(out.LogGroups, func(g logs.LogGroup) bool {
					return !slices.Contains(names, aws.ToString(g.LogGroupName))
				})
				v.keep(v.scope, "logs:DescribeLogGroups", lowerShape(out))
			})
	})
}

// readImages reads the repositories of this registry that the tasks' images are in:
// how many images of what size they hold, what deletes them, and for which
// architectures the images in use are.
func (v *inventory) readImages(ctx context.Context) {
	repositories := make(map[string][]types.ImageIdentifier)
	host := v.scope.Account + ".dkr.ecr." + v.scope.Region + "."
	for _, image := range sorted(v.images) {
		registry, path, ok := strings.Cut(image, "/")
		if !ok || !strings.HasPrefix(registry, host) {
			continue
		}
		name, id := imageID(path)
		repositories[name] = append(repositories[name], id)
	}
	names := make([]string, 0, len(repositories))
	for name := range repositories {
		names = append(names, name)
	}
	slices.Sort(names)
	forEach(chunks(names, repositoriesPerCall), func(names []string) { v.readRepositories(ctx, names) })
	most := max(0, v.opts.Repositories)
	if len(names) > most && most > 0 {
		v.fail("ecr:DescribeImages", "", fmt.Sprintf("images of %d repositories were read, and not of %d more", most, len(names)-most))
	}
	names = names[:min(len(names), most)]
	forEach(names, func(name string) {
		together(
			func() { v.readRepository(ctx, name) },
			func() { v.readArchitectures(ctx, name, repositories[name]) },
		)
	})
}

// imageID takes a tag or digest off an image's path.
func imageID(path string) (repository string, id types.ImageIdentifier) {
	if name, digest, ok := strings.Cut(path, "@"); ok {
		name, _, _ = strings.Cut(name, ":")
		return name, types.ImageIdentifier{ImageDigest: aws.String(digest)}
	}
	name, tag, ok := strings.Cut(path, ":")
	if !ok {
		tag = "latest"
	}
	return name, types.ImageIdentifier{ImageTag: aws.String(tag)}
}

// readRepositories describes repositories by name, and where one of them is gone,
// which fails the call, all that there are.
func (v *inventory) readRepositories(ctx context.Context, names []string) {
	next := func(in *ecr.DescribeRepositoriesInput, out *ecr.DescribeRepositoriesOutput) *string {
		in.NextToken = out.NextToken
		return out.NextToken
	}
	if pages(ctx, v.asker, "ecr:DescribeRepositories", "", v.ecr.DescribeRepositories, &ecr.DescribeRepositoriesInput{RepositoryNames: names},
		next, func(out *ecr.DescribeRepositoriesOutput) {
			v.keep(v.scope, "ecr:DescribeRepositories", lowerShape(out))
		}) {
		return
	}
	pages(ctx, v.asker, "ecr:DescribeRepositories", "", v.ecr.DescribeRepositories, &ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(imagesPerPage)},
		next, func(out *ecr.DescribeRepositoriesOutput) {
			out.Repositories = slices.DeleteFunc(out.Repositories, func(r types.Repository) bool {
				return !slices.Contains(names, aws.ToString(r.RepositoryName))
			})
			v.keep(v.scope, "ecr:DescribeRepositories", lowerShape(out))
		})
}

func (v *inventory) readRepository(ctx context.Context, name string) {
	together(
		func() {
			pages(ctx, v.asker, "ecr:DescribeImages", name, v.ecr.DescribeImages,
				&ecr.DescribeImagesInput{RepositoryName: aws.String(name), MaxResults: aws.Int32(imagesPerPage)},
				func(in *ecr.DescribeImagesInput, out *ecr.DescribeImagesOutput) *string {
					in.NextToken = out.NextToken
					return out.NextToken
				}, func(out *ecr.DescribeImagesOutput) { v.keep(v.scope, "ecr:DescribeImages", lowerShape(out)) })
		},
		func() {
			if out, ok := ask(ctx, v.asker, "ecr:GetLifecyclePolicy", name, v.ecr.GetLifecyclePolicy,
				&ecr.GetLifecyclePolicyInput{RepositoryName: aws.String(name)}); ok {
				v.keep(v.scope, "ecr:GetLifecyclePolicy", lowerShape(out))
			}
		},
	)
}

// readArchitectures reads the manifests of images. An image index names its
// architectures; the manifest of one image does not, and would take another call
// and a download.
func (v *inventory) readArchitectures(ctx context.Context, name string, ids []types.ImageIdentifier) {
	for ids := range slices.Chunk(ids, imagesPerCall) {
		out, ok := ask(ctx, v.asker, "ecr:BatchGetImage", name, v.ecr.BatchGetImage, &ecr.BatchGetImageInput{
			RepositoryName: aws.String(name), ImageIds: ids,
			AcceptedMediaTypes: []string{
				"application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
				"application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
			},
		})
		if !ok {
			continue
		}
		for i := range out.Images {
			out.Images[i].ImageManifest = aws.String(platforms(aws.ToString(out.Images[i].ImageManifest)))
		}
		v.keep(v.scope, "ecr:BatchGetImage", lowerShape(out))
	}
}

// platforms reduces a manifest to the platforms that it names.
// Source: github.com/opencontainers/image-spec/blob/main/image-index.md.
func platforms(manifest string) string {
	var index struct {
		MediaType string `json:"mediaType,omitempty"`
		Manifests []struct {
			Platform struct {
				Architecture string `json:"architecture"`
				OS           string `json:"os"`
			} `json:"platform"`
		} `json:"manifests,omitempty"`
	}
	if err := json.Unmarshal([]byte(manifest), &index); err != nil {
		return "{}"
	}
	b, err := json.Marshal(index)
	if err != nil {
		return "{}"
	}
	return string(b)
}
