package shell

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
)

// rails notes which files of settings a program of Rails reads, if they are there: of those with a section for each environment its own, and what
// sections share, and the key of its credentials. The environment's configuration is a program.
// https://guides.rubyonrails.org/configuring.html#configuring-a-database https://guides.rubyonrails.org/security.html#custom-credentials
// https://guides.rubyonrails.org/v7.1/upgrading_ruby_on_rails.html (secrets.yml)
func (r *reader) rails(c command) {
	found, _ := options(c.args(), "-e --environment -c --config -b --bind -p --port -C -q -r -t -w", true)
	rack := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "RACK_ENV", Default: &analyzers.Value{Parts: synthetic("development")}}}}}
	environment := analyzers.Value{At: c.at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "RAILS_ENV", Default: &rack}}}}
	if w, ok := last(found, "-e --environment"); ok {
		environment = w.value
		c.sets = append(c.sets, set("RAILS_ENV", w.value, c.at))
		r.mode(w)
	}
	var opens []analyzers.Step
	open := func(file analyzers.Value, sections ...analyzers.Value) {
		step := analyzers.Step{Op: analyzers.OpOpen, At: c.at, File: &file, Optional: true, Says: "Rails reads the file"}
		for _, section := range sections {
			step.Named = []analyzers.Named{{Value: section}}
			opens = append(opens, step)
		}
		if sections == nil {
			opens = append(opens, step)
		}
	}
	shared := []analyzers.Value{environment, {At: c.at, Parts: synthetic("default")}, {At: c.at, Parts: synthetic("shared")}}
	open(r.file("config/secrets.yml", c.at), shared...)
	open(r.file("config/database.yml", c.at), shared...)
	key := analyzers.Value{At: c.at, Parts: slices.Concat(synthetic("config/credentials/"), environment.Parts, synthetic(".key"))}
	open(r.below(key))
	opens = append(opens, analyzers.Step{
		Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: r.called("config/environments", "", environment, ".rb")}, Optional: true, Says: "Rails evaluates the file",
	})
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: opens})
}

// bundler reads the build tools of web applications, which load dotenv files by their mode. What is set already stays.
func (r *reader) bundler(c command) {
	name := tool(c.name())
	found, operands := options(c.args(), "--mode -m --port -p --config -c --root --host --hostname -H --dotenv --outDir", true)
	build := len(operands) > 0 && slices.Contains([]string{"build", "generate", "export", "preview", "start"}, operands[0].text)
	mode := analyzers.Value{At: c.at, Parts: synthetic("development")}
	switch {
	case build:
		mode.Parts = synthetic("production")
	case name == "vitest", starts(operands, "test"):
		mode.Parts = synthetic("test")
	}
	if w, ok := last(found, "--mode -m"); ok && name != "next" && name != "react-scripts" {
		mode = w.value
		r.mode(w)
	}
	env := func(prefix, suffix string) analyzers.Value {
		v := analyzers.Value{At: c.at, Parts: synthetic(prefix)}
		v.Parts = append(append(v.Parts, mode.Parts...), synthetic(suffix)...)
		return r.below(v)
	}
	var files []analyzers.Value
	switch name {
	case "next", "react-scripts": // https://nextjs.org/docs/app/guides/environment-variables#environment-variable-load-order
		files = append(files, env(".env.", ".local"))
		if text, _ := mode.Text(); text != "test" {
			files = append(files, r.file(".env.local", c.at))
		}
		files = append(files, env(".env.", ""), r.file(".env", c.at))
	case "gatsby": // https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/
		files = append(files, env(".env.", ""))
	case "strapi": // https://docs.strapi.io/cms/configurations/environment
		files = append(files, r.file(".env", c.at))
	case "nuxt", "nuxi": // https://nuxt.com/docs/guide/directory-structure/env
		file := r.file(".env", c.at)
		if w, ok := last(found, "--dotenv"); ok {
			file = r.below(w.value)
		}
		files = append(files, file)
	default: // https://vite.dev/guide/env-and-mode#env-files
		files = append(files, env(".env.", ".local"), env(".env.", ""), r.file(".env.local", c.at), r.file(".env", c.at))
	}
	c.load(r, files, false)
	steps := []analyzers.Step{{Op: analyzers.OpCall, At: c.at, Value: analyzers.Value{At: c.at}, Sink: r.sink(c)}}
	for _, prefix := range inlined[name] {
		steps = append(steps, analyzers.Step{Op: analyzers.OpRead, At: c.at, Name: prefix, All: true})
	}
	for _, program := range slices.Concat(configs[name], entries[name]) {
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: r.file(program, c.at)}, Optional: true,
		})
	}
	for _, folder := range routes[name] {
		steps = append(steps, analyzers.Step{Op: analyzers.OpMount, At: c.at, File: new(r.file(folder, c.at)), Copied: true, Says: "builds what is in it"})
	}
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: steps})
}
