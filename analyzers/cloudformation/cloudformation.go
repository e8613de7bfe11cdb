// Package cloudformation reads what templates of CloudFormation say of roles and of secrets, and what SAM's configuration gives for their parameters.
//
// # Analyzer cloudformation
//
// A role that has a name is a row: what it may do at most, by its policies, which workflows of GitHub it trusts, if these are all, and by the template's
// folder whose it is. A secret that a template looks up is a reference of whoever deploys it: a dynamic reference, and what the containers of a task get,
// under the name that the values of parameters make it.
//
//	https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
//	https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
//	https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
//
// # What is not seen
//
// What else a template makes, the templates that it nests, and conditions and mappings: of two secrets between which a condition chooses, both are
// looked up.
package cloudformation

import (
	"bytes"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/policy"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads templates of CloudFormation.
var Analyzer = &analyzers.Analyzer{
	Name:    "cloudformation",
	Doc:     "reads templates of CloudFormation: whom their roles trust and what they may do, and which secrets they look up",
	Version: 3,
	Files:   []string{"**/samconfig.{toml,yaml,yml}"},
	Sniff:   sniff,
	Run:     run,
}

// maxSize is the size of a file in bytes beyond which it is not read: a template that is deployed has at most 1 MB.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxSize = 1 << 20

func sniff(file string, head []byte) bool {
	switch path.Ext(file) {
	case ".yml", ".yaml", ".json", ".template":
		return bytes.Contains(head, []byte("AWSTemplateFormatVersion")) || bytes.Contains(head, []byte("AWS::Serverless-"))
	}
	return false
}

func run(pass *analyzers.Pass) error {
	if strings.HasPrefix(path.Base(pass.Path), "samconfig.") {
		return configuration(pass)
	}
	roles := bytes.Contains(pass.Data, []byte("AWS::IAM::Role"))
	secrets := bytes.Contains(pass.Data, []byte("resolve:")) || bytes.Contains(pass.Data, []byte("ValueFrom"))
	if !roles && !secrets || pass.TooLarge(maxSize, "a template; whom its roles trust, and which secrets it looks up, is not known") {
		return nil
	}
	documents, err := yamltree.Read(pass.Data)
	if err != nil || len(documents) == 0 {
		pass.Gap(detectors.Place{Path: pass.Path}, "the template does not parse as YAML; whom its roles trust, and which secrets it looks up, is not known")
		return nil
	}
	for _, resource := range documents[0].Get("Resources").Pairs() {
		if resource.Get("Type").Str() == "AWS::IAM::Role" {
			role(pass, resource.Get("Properties"))
		}
	}
	if secrets {
		(&template{pass: pass}).read(documents[0])
	}
	return nil
}

// role adds the rows of a role.
func role(pass *analyzers.Pass, n *yamltree.Node) {
	named := n.Get("RoleName")
	name, _ := value(named).(string)
	if name == "" || strings.Contains(name, policy.Hole) {
		return
	}
	if folder, _ := value(n.Get("Path")).(string); folder != "" {
		name = strings.TrimPrefix(path.Join(folder, name), "/")
	}
	means := table.File(environ.Path(pass.Path) &^ detectors.Test)
	pass.Facts.Bindings = append(pass.Facts.Bindings, detectors.Binding{
		What: detectors.Role, Value: name, Environments: means.Environments, ByFile: means.ByFile, At: at(pass, named), Allows: allows(n),
	})
	trust := n.Get("AssumeRolePolicyDocument")
	subjects, known := policy.Trusts(policy.Read(value(trust)))
	if !known {
		return
	}
	for _, s := range subjects {
		pass.Facts.Bindings = append(pass.Facts.Bindings, detectors.Binding{What: detectors.Trusts, Value: name, In: s, At: at(pass, trust.Get("Statement"))})
	}
}

// allows returns what all policies of a role together allow, 0 if that is not known.
func allows(n *yamltree.Node) detectors.Privilege {
	var all detectors.Privilege
	add := func(one detectors.Privilege) bool {
		all |= one
		return one != 0
	}
	for _, arn := range n.Get("ManagedPolicyArns").Items() {
		text, _ := value(arn).(string)
		if !add(policy.Managed(text)) {
			return 0
		}
	}
	for _, own := range n.Get("Policies").Items() {
		if !add(policy.Allows(policy.Read(value(own.Get("PolicyDocument"))))) {
			return 0
		}
	}
	return all
}

func at(pass *analyzers.Pass, n *yamltree.Node) detectors.Place {
	if n == nil {
		return pass.At(0, 0)
	}
	if n.Span.Empty() {
		return pass.At(n.Start, n.Start+1)
	}
	return pass.At(n.Span.Start, n.Span.End)
}

// placeholder is what Fn::Sub replaces; ${!Literal} is left as ${Literal}.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
var placeholder = lazyregexp.New(`\$\{[^}]*\}`)

// value returns what a node is, as far as it is written out: a text, in which [policy.Hole] stands for what is computed, a list or a map.
func value(n *yamltree.Node) any {
	switch {
	case n == nil:
		return nil
	case n.Tag == "!Sub" && n.Kind == yamltree.Scalar:
		return placeholder.ReplaceAllString(n.Str(), policy.Hole)
	case strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!"):
		return policy.Hole
	case n.Kind == yamltree.Scalar:
		return n.Str()
	case n.IsMapping():
		all := map[string]any{}
		for key, v := range n.Pairs() {
			switch {
			case key.Str() == "Fn::Sub" && v.Kind == yamltree.Scalar:
				return placeholder.ReplaceAllString(v.Str(), policy.Hole)
			case key.Str() == "Ref" || strings.HasPrefix(key.Str(), "Fn::"):
				return policy.Hole
			}
			all[key.Str()] = value(v)
		}
		return all
	}
	all := []any{}
	for _, item := range n.Items() {
		all = append(all, value(item))
	}
	return all
}
