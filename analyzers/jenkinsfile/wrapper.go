package jenkinsfile

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/detectors"
)

// wrapper is a step around others that gives them a credential, in a variable or in a place where programs look for one as for the variable.
type wrapper struct {
	step     string
	argument string // that has the id or a list of ids
	position int    // of the argument among those without a name, from 1; 0 if it always has its name
	variable string
}

// wrappers are the steps of plugins that do so.
//
//	https://www.jenkins.io/doc/pipeline/steps/pipeline-aws/
//	https://www.jenkins.io/doc/pipeline/steps/kubernetes-cli/
//	https://www.jenkins.io/doc/pipeline/steps/ssh-agent/
//	https://www.jenkins.io/doc/pipeline/steps/docker-workflow/
var wrappers = []wrapper{
	{"withAWS", "credentials", 0, "AWS_SECRET_ACCESS_KEY"},
	{"withKubeConfig", "credentialsId", 0, "KUBECONFIG"},
	{"sshagent", "credentials", 1, "SSH_PRIVATE_KEY"},
	{"withDockerRegistry", "credentialsId", 0, "DOCKER_AUTH_CONFIG"},
	{"docker.withRegistry", "credentialsId", 2, "DOCKER_AUTH_CONFIG"},
}

// wraps returns what a step gives those within it.
func (r *reader) wraps(step word, words []word) []analyzers.Step {
	var sets []analyzers.Step
	for _, w := range wrappers {
		if !step.is(w.step) {
			continue
		}
		if id := w.id(words); len(id) > 0 {
			t := r.evaluate(id)
			if len(t.entries) == 0 {
				t.entries = []entry{{thing: t}}
			}
			var all []analyzers.Value
			for _, e := range t.entries {
				all = append(all, r.credential(id[0], e.thing.text()))
			}
			sets = append(sets, r.set(id[0], w.variable, matrix.OneOf(r.at(id[0]), all)))
		}
	}
	return sets
}

// id returns the argument that is the id, or the ids, of credentials.
func (w wrapper) id(words []word) []word {
	for i := range words {
		if words[i].is(w.argument) && i+2 < len(words) && words[i+1].is(":") {
			return first(words[i+2:])
		}
	}
	all := arguments(words)
	if w.position == 0 || len(all) < w.position || slices.ContainsFunc(all[w.position-1], func(w word) bool { return w.is(":") }) {
		return nil
	}
	return all[w.position-1]
}

// vault reads withVault(vaultSecrets: [[path: 'PATH', secretValues: [[vaultKey: 'KEY', envVar: 'NAME'], …]], …]).
// https://www.jenkins.io/doc/pipeline/steps/hashicorp-vault-plugin/
func (r *reader) vault(words []word) []analyzers.Step {
	var sets []analyzers.Step
	var path []analyzers.Part
	for i, w := range words {
		if i+2 >= len(words) || !words[i+1].is(":") {
			continue
		}
		value := first(words[i+2:])
		switch {
		case w.is("path"):
			path = r.evaluate(value).text()
		case w.is("secretValues"):
			for _, one := range r.evaluate(value).entries {
				name, _ := one.thing.at(literally("envVar")).literal()
				key := one.thing.at(literally("vaultKey"))
				if name == "" {
					name, _ = key.literal()
				}
				hole := code.SecretIn(detectors.Vault, r.at(w), path, key.text())
				sets = append(sets, r.set(w, name, analyzers.Value{At: r.at(value[0]), Parts: []analyzers.Part{{Hole: &hole}}}))
			}
		}
	}
	return sets
}
