package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/stagewall/stagewall/detectors"
)

// grant notes which service accounts a resource of Google Cloud gives a role outside their own projects: in the project that it names, or else
// where its file says. https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_project_iam
func (f *file) grant(resource string, b *hclsyntax.Body) {
	if !strings.HasPrefix(resource, "google_") || !strings.HasSuffix(resource, "_iam_member") && !strings.HasSuffix(resource, "_iam_binding") {
		return
	}
	row := detectors.Binding{What: "service-account", Environments: f.means.Environments}
	if role := b.Attributes["role"]; role != nil {
		row.Allows = looks(literal(role.Expr))
	}
	project := b.Attributes["project"]
	switch {
	case strings.HasPrefix(resource, "google_organization_"):
		row.Environments = detectors.Unscoped
	case project != nil && literal(project.Expr) != "":
		row.Environments, row.In = 0, literal(project.Expr)
	case row.Environments == 0: // where its file says nothing, it is most likely its own
		return
	}
	for _, name := range []string{"member", "members"} {
		if argument := b.Attributes[name]; argument != nil {
			f.members(argument.Expr, row)
		}
	}
}

// members adds a row for each service account among them.
func (f *file) members(e hclsyntax.Expression, row detectors.Binding) {
	if list, ok := e.(*hclsyntax.TupleConsExpr); ok {
		for _, one := range list.Exprs {
			f.members(one, row)
		}
		return
	}
	account, ok := strings.CutPrefix(literal(e), "serviceAccount:")
	_, project, whole := strings.Cut(strings.TrimSuffix(account, ".iam.gserviceaccount.com"), "@")
	if !ok || !whole || project == row.In {
		return
	}
	span := e.Range()
	row.Value, row.At = account, f.pass.At(span.Start.Byte, span.End.Byte)
	f.pass.Facts.Bindings = append(f.pass.Facts.Bindings, row)
}

// looks returns detectors.Read if a role of Google Cloud is one of its own that only lets look, and 0 for any other.
// https://cloud.google.com/iam/docs/roles-permissions
func looks(role string) detectors.Privilege {
	name, own := strings.CutPrefix(role, "roles/")
	last := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	if own && (strings.HasSuffix(last, "viewer") || last == "browser" || last == "reader" || last == "securityreviewer" || last == "securityauditor") {
		return detectors.Read
	}
	return 0
}
