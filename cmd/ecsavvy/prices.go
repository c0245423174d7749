package main

import (
	"github.com/spf13/cobra"
)

func newPricesCmd(d *deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prices",
		Short: "What does a unit cost, and how old is that price?",
		Example: `  ecsavvy prices show --region eu-west-2 --service fargate
  ecsavvy prices show --region us-east-1 --service ec2 --type m7g.large`,
		Args: cobra.ArbitraryArgs,
		RunE: runGroup,
	}
	cmd.AddCommand(newPricesShowCmd(d, nil))
	return cmd
}
