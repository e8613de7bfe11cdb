package compose

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	theirdotenv "github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/compose"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

var (
	seed  = flag.Uint64("seed", 1, "what the trees are made from")
	count = flag.Int("count", 0, "how many trees are made; 0: as many as are tried always")
)

// cases is how many are made.
func cases() int {
	switch {
	case *count > 0:
		return *count
	case testing.Short():
		return 60
	}
	return 190
}

func TestCompose(t *testing.T) {
	logrus.SetOutput(io.Discard)
	theirdotenv.RegisterFormat("raw", raw)
	refused := 0
	for i := range cases() {
		made := newMaker(*seed, uint64(i)).make()
		want, err := theirs(t, made)
		if err != nil {
			refused++
			continue
		}
		found := differences(t, made, want)
		if len(found) == 0 {
			continue
		}
		small := made.shrink(func(less tree) bool {
			want, err := theirs(t, less)
			return err == nil && slices.Contains(differences(t, less, want), found[0])
		})
		t.Errorf("case %d of seed %d: %v\n%s", i, *seed, found, small)
		break
	}
	if refused > cases()/5 {
		t.Errorf("compose refuses %d of %d trees; too few are compared", refused, cases())
	}
}

// differences says what of the services is not as it is wanted.
func differences(t *testing.T, tree tree, want map[string][]string) (list []string) {
	got := ours(t, tree)
	var may map[string][]string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	for _, service := range slices.Sorted(maps.Keys(want)) {
		units := got[service]
		if len(units) != 1 {
			add("%s is in %d units", service, len(units))
			continue
		}
		for _, token := range want[service] {
			if !slices.Contains(units[0], token) {
				add("%s lacks %s", service, token)
			}
		}
		for _, token := range units[0] {
			if slices.Contains(want[service], token) {
				continue
			}
			if may == nil {
				may = possible(t, tree)
			}
			if !slices.Contains(may[service], token) {
				add("%s has %s", service, token)
			}
		}
	}
	for _, service := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[service]; !ok {
			add("there is no service %s", service)
		}
	}
	return list
}

// possible returns what each service has if whoever calls compose has something in his environment of which the tree says nothing.
func possible(t *testing.T, tree tree) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	var try func(rest []string)
	try = func(rest []string) {
		if len(rest) == 0 {
			loaded, _ := theirs(t, tree)
			for service, tokens := range loaded {
				all[service] = append(all[service], tokens...)
			}
			return
		}
		try(rest[1:])
		given := tree.given
		tree.given = maps.Clone(given)
		tree.given[rest[0]] = "x"
		try(rest[1:])
		tree.given = given
	}
	try(tree.open())
	return all
}

// ours returns the tokens that each service has, for each of its units.
func ours(t *testing.T, tree tree) map[string][][]string {
	t.Helper()
	all := map[string][][]string{}
	for id, tokens := range analyzertest.Loaded(t, tree.files, compose.Analyzer, dockerfile.Analyzer, dotenv.Analyzer, shell.Analyzer) {
		_, service, ok := strings.Cut(id, "#")
		if !ok {
			continue
		}
		service, _, _ = strings.Cut(service, "@")
		all[service] = append(all[service], tokens)
	}
	return all
}

// theirs returns the tokens that each service has by compose's own library.
func theirs(t *testing.T, tree tree) (map[string][]string, error) {
	t.Helper()
	dir := t.TempDir()
	minted := map[string]string{}
	for name, content := range tree.files {
		path := filepath.Join(dir, name)
		content, all := detectortest.Expand(content)
		for _, m := range all {
			minted[m.Name] = m.Value
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	project, err := load(dir, tree)
	if err != nil {
		return nil, err
	}
	loaded := map[string][]string{}
	for name, service := range project.Services {
		texts, err := contents(project, service)
		if err != nil {
			return nil, err
		}
		loaded[name] = []string{}
		for token, value := range minted {
			if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, value) }) {
				loaded[name] = append(loaded[name], token)
			}
		}
		slices.Sort(loaded[name])
	}
	return loaded, nil
}

// raw reads a file of variables as docker run --env-file does, which compose knows as the format raw.
// https://docs.docker.com/reference/compose-file/services/#format
func raw(r io.Reader, _ string, vars map[string]string, lookup func(string) (string, bool)) error {
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		name, value, found := strings.Cut(strings.TrimLeft(scanner.Text(), " \t"), "=")
		switch {
		case name == "" && !found, strings.HasPrefix(name, "#"):
		case name == "", strings.ContainsAny(name, " \t"):
			return fmt.Errorf("no name of a variable: %q", name)
		case found:
			vars[name] = value
		default:
			if value, ok := lookup(name); ok {
				vars[name] = value
			}
		}
	}
	return scanner.Err()
}

// load does what docker compose does.
func load(dir string, tree tree) (project *types.Project, err error) {
	defer func() {
		if cause := recover(); cause != nil { // of some files that make no sense
			err = fmt.Errorf("%v", cause)
		}
	}()
	home, _ := os.Getwd()
	defer os.Chdir(home)
	if err := os.Chdir(dir); err != nil {
		return nil, err
	}
	var set, envs, given []string
	for _, file := range tree.set {
		set = append(set, filepath.Join(dir, file))
	}
	for _, file := range tree.envs {
		envs = append(envs, filepath.Join(dir, file))
	}
	for name, value := range tree.given {
		value, _ := detectortest.Expand(value)
		given = append(given, name+"="+value)
	}
	options, err := cli.NewProjectOptions(set,
		cli.WithEnv(given), cli.WithEnvFiles(envs...), cli.WithDotEnv, cli.WithConfigFileEnv, cli.WithDefaultConfigPath,
		cli.WithEnvFiles(envs...), cli.WithDotEnv, cli.WithDefaultProfiles("*"), cli.WithName("project"), cli.WithResolvedPaths(true),
		cli.WithoutEnvironmentResolution,
	)
	if err != nil {
		return nil, err
	}
	project, err = options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.WithServicesEnvironmentResolved(true)
}

// contents returns all that a service has in its container.
func contents(p *types.Project, s types.ServiceConfig) ([]string, error) {
	var all []string
	for _, value := range s.Environment {
		if value != nil {
			all = append(all, *value)
		}
	}
	var files []string
	file := func(path string) {
		if info, err := os.Stat(path); path != "" && err == nil && info.Mode().IsRegular() {
			files = append(files, path)
		}
	}
	for _, given := range s.Secrets {
		secret := p.Secrets[given.Source]
		file(secret.File)
		all = append(all, secret.Content, p.Environment[secret.Environment])
	}
	for _, given := range s.Configs {
		config := p.Configs[given.Source]
		file(config.File)
		all = append(all, config.Content, p.Environment[config.Environment])
	}
	for _, volume := range s.Volumes {
		files = append(files, volume.Source)
	}
	for _, file := range files {
		if file == "" {
			continue
		}
		err := filepath.WalkDir(file, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				data, _ := os.ReadFile(path)
				all = append(all, string(data))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
