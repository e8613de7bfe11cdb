package shell

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// Stage begins the name of the program that a deployment is which a platform's file describes. That of a worker's local development is called
// [WranglerDev] and, behind a blank, the environment that it is given.
const (
	Stage       = "stage "
	WranglerDev = "wrangler dev"
)

// wrangler reads wrangler, which deploys what its configuration has for an environment, or runs it here
// (https://developers.cloudflare.com/workers/wrangler/commands/).
func (r *reader) wrangler(c command) {
	found, operands := options(c.args(), "-e --env -c --config --name --var --port --ip --cwd --compatibility-date", true)
	if len(operands) > 0 && operands[0].text == "pages" {
		operands = operands[1:]
	}
	if len(operands) == 0 || !flags("dev deploy publish").has(operands[0].text) {
		return
	}
	stage := map[string]string{"dev": WranglerDev}[operands[0].text]
	if given, ok := last(found, "-e --env"); ok {
		environment, known := r.resolve(given.value)
		if !known {
			r.pass.Gap(c.at, "the environment that wrangler is given is computed; what the worker has there is not known")
			return
		}
		stage = strings.TrimSpace(stage + " " + environment)
	}
	files := []analyzers.Value{r.file("wrangler.toml", c.at), r.file("wrangler.json", c.at), r.file("wrangler.jsonc", c.at)}
	if given := all(found, "-c --config"); len(given) > 0 {
		files = r.listed(given)
	}
	for _, file := range files {
		r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: file, Name: Stage + stage}, Optional: true, Says: "does what the configuration says"})
	}
}
