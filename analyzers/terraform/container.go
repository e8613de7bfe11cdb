package terraform

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/tfroot"
	"github.com/stagewall/stagewall/detectors"
)

// containers returns the steps by which containers of ECS are given secrets: wherever it stands, an object, in Terraform's own syntax or in JSON, that has a
// name and where its value is from, as definitions of containers list them.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
func (s scope) containers(b *hclsyntax.Body) (steps []analyzers.Step) {
	for _, block := range b.Blocks {
		s.each = argument(block.Body, "for_each")
		_ = hclsyntax.VisitAll(block.Body, func(node hclsyntax.Node) (none hcl.Diagnostics) {
			switch node := node.(type) {
			case *hclsyntax.ObjectConsExpr:
				object := members(node)
				if name, from := object["name"], object["valueFrom"]; name != nil && from != nil && literal(name) != "" {
					steps = append(steps, s.container(literal(name), from)...)
				}
			case *hclsyntax.TemplateExpr:
				for _, one := range s.listed(node) {
					steps = append(steps, s.container(one.name, one.from)...)
				}
			}
			return none
		})
	}
	return steps
}

// members returns what an object has under keys that are written out.
func members(object *hclsyntax.ObjectConsExpr) map[string]hclsyntax.Expression {
	all := map[string]hclsyntax.Expression{}
	for _, item := range object.Items {
		all[literal(item.KeyExpr)] = item.ValueExpr
	}
	return all
}

// given is the name of a container's variable, and where its value is from.
type given struct {
	name string
	from hclsyntax.Expression
}

// entry is an entry of a list of secrets in JSON, with an expression's number between two marks.
var entry = lazyregexp.New(`"name"\s*:\s*"(\w+)"\s*,\s*"valueFrom"\s*:\s*"([^"]+)"`)

const mark = "\x00"

// listed returns the secrets that a text in JSON lists, which expressions can stand in.
func (s scope) listed(text *hclsyntax.TemplateExpr) (all []given) {
	var written strings.Builder
	var starts []int // of the parts
	for i, part := range text.Parts {
		starts = append(starts, written.Len())
		if plain := literal(part); plain != "" {
			written.WriteString(strings.ReplaceAll(plain, mark, " "))
		} else {
			written.WriteString(mark + strconv.Itoa(i) + mark)
		}
	}
	for _, m := range entry.FindAllStringSubmatchIndex(written.String(), -1) {
		first, _ := slices.BinarySearch(starts, m[4]+1)
		first--
		from := &hclsyntax.TemplateExpr{SrcRange: s.line(text.Parts[first].Range(), strings.Count(written.String()[starts[first]:m[4]], "\n"))}
		for i, piece := range strings.Split(written.String()[m[4]:m[5]], mark) {
			if number, _ := strconv.Atoi(piece); i%2 == 1 {
				from.Parts = append(from.Parts, text.Parts[number])
			} else if piece != "" {
				from.Parts = append(from.Parts, &hclsyntax.LiteralValueExpr{Val: cty.StringVal(piece), SrcRange: from.SrcRange})
			}
		}
		all = append(all, given{written.String()[m[2]:m[3]], from})
	}
	return all
}

// line returns the range of a line of a text that has several, counted from its first; of the first what is in the range.
func (s scope) line(r hcl.Range, number int) hcl.Range {
	for range number {
		next := bytes.IndexByte(s.pass.Data[r.Start.Byte:r.End.Byte], '\n')
		if next < 0 {
			break
		}
		r.Start.Byte += next + 1
	}
	if end := bytes.IndexByte(s.pass.Data[r.Start.Byte:r.End.Byte], '\n'); end >= 0 {
		r.End.Byte = r.Start.Byte + end
	}
	return r
}

// container returns the step by which a container is given a secret, none if nothing tells that it is one of a store.
func (s scope) container(name string, from hclsyntax.Expression) []analyzers.Step {
	s.left = new(maxExpressions)
	secret := s.secret(from)
	if secret == nil {
		return nil
	}
	at := s.at(from)
	set := analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Export: true, Value: analyzers.Value{At: at, Parts: secret}, Says: "a container of ECS is given it"}
	return []analyzers.Step{{Op: analyzers.OpRun, At: at, Isolated: true, Steps: []analyzers.Step{set}}}
}

// keeps are the stores of which containers are given secrets, by the types of data sources that name one.
var keeps = map[string]string{
	"aws_secretsmanager_secret":         detectors.SecretsManager,
	"aws_secretsmanager_secret_version": detectors.SecretsManager,
	"aws_ssm_parameter":                 detectors.ParameterStore,
}

// secret returns what a container is given: what a store has under an address of AWS, or under the name that a data source has; nil if nothing tells that
// it is of a store. What the configuration makes itself is of nobody else.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
func (s scope) secret(from hclsyntax.Expression) []analyzers.Part {
	of, address := addressed(from)
	store, name := keeps[of], hole(s.own(), address, nil)
	in := hole(s.own(), address+inAccount, hole(tfroot.Space, providerName([]string{"aws"}), []analyzers.Part{{}}))
	if store == "" {
		name = s.parts(from)
		if len(name) == 0 || !strings.HasPrefix(name[0].Text, "arn:") {
			return nil
		}
		store, name = detectors.ParameterStore, ofAnyAccount(name)
	}
	at := s.at(from)
	computed := slices.Concat(in, []analyzers.Part{{Text: analyzers.ScopeEnd}}, name)
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: store, Store: store, Scope: "*", Computed: &analyzers.Value{At: at, Parts: computed}}}}
}

// addressed returns the type and the address of the data source that an expression is about: its ARN, or its ARN with a key of the secret's JSON behind it.
func addressed(e hclsyntax.Expression) (of, address string) {
	switch e := e.(type) {
	case *hclsyntax.TemplateWrapExpr:
		return addressed(e.Wrapped)
	case *hclsyntax.ParenthesesExpr:
		return addressed(e.Expression)
	case *hclsyntax.TemplateExpr:
		if len(e.Parts) > 0 {
			return addressed(e.Parts[0])
		}
	case *hclsyntax.RelativeTraversalExpr:
		return addressed(e.Source)
	case *hclsyntax.IndexExpr:
		return addressed(e.Collection)
	case *hclsyntax.ScopeTraversalExpr:
		if names := words(e.Traversal); len(names) > 2 && names[0] == "data" {
			return names[1], strings.Join(names[:3], ".")
		}
	}
	return "", ""
}

// ofAnyAccount returns an address of AWS with a star for a region and an account that nothing tells: they are the provider's own.
func ofAnyAccount(arn []analyzers.Part) []analyzers.Part {
	arn = slices.Clone(arn)
	for i, p := range arn {
		if strings.Contains(p.Text, ":secret:") || strings.Contains(p.Text, ":parameter/") {
			break
		}
		if p.Hole != nil && p.Hole.Default == nil {
			one := *p.Hole
			one.Default = &analyzers.Value{Parts: []analyzers.Part{{Text: "*"}}}
			arn[i].Hole = &one
		}
	}
	return arn
}
