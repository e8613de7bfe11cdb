package rails

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads whose the files of encrypted credentials are.
var Analyzer = &analyzers.Analyzer{
	Name:    "rails",
	Doc:     "Reads where the environments of Rails applications have their encrypted credentials.",
	Version: 1,
	Files:   []string{"**/config/credentials.yml.enc", "**/config/credentials/*.yml.enc", "**/config/environments/*.rb", "**/config/application.rb"},
	Run:     run,
}

// elsewhere is a setting that names another file, or another key.
var elsewhere = lazyregexp.New(`(?m)^[^#\n]*\bcredentials\.(?:content|key)_path\s*=`)

func run(pass *analyzers.Pass) error {
	folder, name := path.Split(pass.Path)
	row := detectors.Binding{What: detectors.Credentials, Value: path.Dir(path.Clean(folder)), At: pass.At(0, 0)}
	if path.Ext(name) == ".rb" {
		m := elsewhere.FindIndex(pass.Data)
		if m == nil {
			return nil
		}
		row.In, row.At = detectors.Elsewhere, pass.At(m[0], m[1])
	}
	if name != "credentials.yml.enc" && name != "application.rb" {
		row.Value = path.Dir(row.Value)
		row.Environments = environ.Value(strings.TrimSuffix(strings.TrimSuffix(name, ".rb"), ".yml.enc"))
		if row.Environments == 0 {
			return nil
		}
	}
	pass.Facts.Bindings = append(pass.Facts.Bindings, row)
	return nil
}
