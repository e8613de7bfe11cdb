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
	Version: 2,
	Files:   []string{"**/config/credentials.yml.enc", "**/config/credentials/*.yml.enc", "**/config/environments/*.rb", "**/config/application.rb"},
	Run:     run,
}

// elsewhere is a setting that names another file, or another key.
var elsewhere = lazyregexp.New(`(?m)^[^#\n]*\bcredentials\.(?:content|key)_path\s*=`)

// required is a file that a file of code takes in, as seen from its own folder.
var (
	required = lazyregexp.New(`(?m)^[^#\n]*\b(?:require_relative|(?:require|load)[ (]+File\.expand_path\(\s*["']\.\./?)\(?\s*["']?([\w./-]+)["']`)
	variable = lazyregexp.New(`\bENV(?:\.fetch\(|\[)\s*["']([A-Za-z_]\w*)["']`)
)

// configuration makes a program of an environment's configuration: it is what it holds itself, the variables that it takes, and other environments'
// configurations that it begins with. https://guides.rubyonrails.org/configuring.html#creating-rails-environments
func configuration(pass *analyzers.Pass) {
	at := pass.At(0, 0)
	step := func(op analyzers.Op, start, end int, says string) analyzers.Step {
		return analyzers.Step{Op: op, At: pass.At(start, end), Optional: true, Says: says}
	}
	own := step(analyzers.OpOpen, 0, 0, "is evaluated")
	own.File = &analyzers.Value{At: at, Parts: []analyzers.Part{{Text: pass.Path}}}
	p := analyzers.Program{At: at, Steps: []analyzers.Step{own}}
	for _, m := range variable.FindAllSubmatchIndex(pass.Data, -1) {
		read := step(analyzers.OpRead, m[2], m[3], "takes a setting from its environment")
		read.Name = string(pass.Data[m[2]:m[3]])
		p.Steps = append(p.Steps, read)
	}
	for _, m := range required.FindAllSubmatchIndex(pass.Data, -1) {
		source := step(analyzers.OpSource, m[2], m[3], "requires the file")
		file := strings.TrimSuffix(string(pass.Data[m[2]:m[3]]), ".rb") + ".rb"
		source.Ref = new(analyzers.PathTo(path.Join(path.Dir(pass.Path), file), "", source.At))
		p.Steps = append(p.Steps, source)
	}
	pass.Facts.Programs = append(pass.Facts.Programs, p)
}

func run(pass *analyzers.Pass) error {
	folder, name := path.Split(pass.Path)
	row := detectors.Binding{What: detectors.Credentials, Value: path.Dir(path.Clean(folder)), At: pass.At(0, 0)}
	if path.Base(path.Clean(folder)) == "environments" {
		configuration(pass)
	}
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
