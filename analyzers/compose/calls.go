package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// invocation is a call of compose.
type invocation struct {
	files   []string // as written; "" for one that is computed
	env     []string // likewise
	project string
	folder  string
	stack   bool // docker stack deploy
	at      detectors.Place
	file    string           // where the call is written
	program string           // in which it is
	before  []analyzers.Step // what its program sets before the call
	starter starter
}

// starter is a call as the services of a set see it.
type starter struct {
	signs    []analyzers.Sign // what is known of the caller
	profiles []string         // that it makes active; "" for one that is computed
	words    []string         // behind compose's options: its command, options of that, services
}

// starting reports whether the call starts services at all. https://docs.docker.com/reference/cli/docker/compose/
func (s *starter) starting() bool {
	return len(s.words) == 0 || slices.Contains([]string{"up", "run", "create", "start", "restart", "watch"}, s.words[0])
}

// starts reports whether the call can start a service that has these profiles, if any.
// https://docs.docker.com/compose/how-tos/profiles/
func (s *starter) starts(service string, profiles []string) bool {
	return len(profiles) == 0 || slices.Contains(s.words, service) || slices.ContainsFunc(s.profiles, func(p string) bool {
		return p == "" || p == "*" || slices.Contains(profiles, p)
	})
}

// valued are the options of docker and compose that take a value and are of no interest.
var valued = map[string]bool{
	"--context": true, "-c": true, "-H": true, "--host": true, "--config": true, "-l": true, "--log-level": true, "--ansi": true,
	"--progress": true, "--parallel": true, "--tlscacert": true, "--tlscert": true, "--tlskey": true,
}

// parseCommand reads docker compose, docker-compose, their kin, and docker stack deploy.
// https://docs.docker.com/reference/cli/docker/compose/, https://docs.docker.com/reference/cli/docker/stack/deploy/
func parseCommand(sink *detectors.Sink) (invocation, bool) {
	var c invocation
	if len(sink.Argv) < 2 {
		return c, false
	}
	argv := sink.Argv[1:]
	switch path.Base(sink.Tool) {
	case "docker-compose", "podman-compose":
	case "docker", "podman", "nerdctl":
		for len(argv) > 0 && strings.HasPrefix(argv[0].Text, "-") {
			if valued[argv[0].Text] {
				argv = argv[1:]
			}
			argv = argv[min(1, len(argv)):]
		}
		if len(argv) > 1 && argv[0].Text == "stack" && (argv[1].Text == "deploy" || argv[1].Text == "up") {
			c.stack = true
			argv = argv[1:]
		} else if len(argv) == 0 || argv[0].Text != "compose" {
			return c, false
		}
		argv = argv[1:]
	default:
		return c, false
	}
	c.options(argv)
	return c, !c.stack || len(c.files) > 0
}

// options reads the options before compose's command; docker stack has them behind it.
func (c *invocation) options(argv []detectors.Word) {
	for i := 0; i < len(argv); i++ {
		option, value, joined := strings.Cut(argv[i].Text, "=")
		if !strings.HasPrefix(option, "-") {
			if argv[i].Text != "" && !c.stack {
				for _, w := range argv[i:] {
					c.starter.words = append(c.starter.words, w.Text)
				}
				return
			}
			continue
		}
		if !strings.HasPrefix(option, "--") && len(option) > 2 && strings.ContainsRune("fpc", rune(option[1])) { // -fNAME
			option, value, joined = argv[i].Text[:2], strings.TrimPrefix(argv[i].Text[2:], "="), true
		}
		next := func() string {
			if !joined && i+1 < len(argv) {
				i++
				return argv[i].Text
			}
			return value
		}
		switch {
		case option == "-f" || option == "--file" || c.stack && (option == "-c" || option == "--compose-file"):
			c.files = append(c.files, next())
		case option == "--env-file":
			c.env = append(c.env, next())
		case option == "--profile":
			c.starter.profiles = append(c.starter.profiles, next())
		case option == "-p" || option == "--project-name":
			c.project = next()
		case option == "--project-directory" || option == "--workdir":
			c.folder = next()
		case valued[option]:
			next()
		}
	}
}

// callers returns what says in which environment the program works that a call stands in.
func callers(facts *analyzers.Facts, program *analyzers.Program, at detectors.Place) []analyzers.Sign {
	var signs []analyzers.Sign
	add := func(class analyzers.Class, e detectors.Environment, says string) {
		if e != 0 {
			signs = append(signs, analyzers.Sign{Class: class, Environments: e, Says: says + " says " + e.String(), At: at})
		}
	}
	add(analyzers.File, environ.Path(facts.Path), "a command starts it, and the name of its file")
	add(analyzers.Given, environ.Identifier(program.Name), "a command starts it, and the name of what runs this")
	for _, u := range facts.Units {
		var strongest analyzers.Class
		var said detectors.Environment
		for _, s := range u.Signs {
			e := says(s)
			if u.Runs.Name != program.Name || e == 0 || s.Class < strongest {
				continue
			}
			if s.Class > strongest {
				strongest, said = s.Class, 0
			}
			said |= e
		}
		add(analyzers.Given, said, "a command starts it, and what is known of the caller")
	}
	if facts.Analyzer == "devcontainer" {
		add(analyzers.Given, detectors.Development, "a dev container stands on it, which")
	}
	return signs
}

// says returns the environments of a sign, as far as its own file knows them.
func says(s analyzers.Sign) detectors.Environment {
	if s.Value == nil || s.Environments != 0 {
		return s.Environments
	}
	text, _ := s.Value.Text()
	return environ.Value(text)
}

// active returns the profiles that a variable of the caller's makes active.
// https://docs.docker.com/compose/how-tos/environment-variables/envvars/#compose_profiles
func active(steps []analyzers.Step) (profiles []string) {
	walk(steps, func(s *analyzers.Step) {
		if s.Op == analyzers.OpSet && s.Space == "" && s.Name == "COMPOSE_PROFILES" {
			text, _ := s.Value.Text()
			profiles = append(profiles, strings.Split(text, ",")...)
		}
	})
	return profiles
}

// projectSign returns what the name says that a command gives to the project.
func projectSign(project string, at detectors.Place) (analyzers.Sign, bool) {
	e := environ.Identifier(project)
	return analyzers.Sign{
		Class: analyzers.Selector, Environments: e, Says: "the project is started under a name that says " + e.String(), At: at,
	}, e != 0
}
