package providers

import "github.com/stagewall/stagewall/detectors"

// Unnamed returns rules of tokens that do not say whose these are.
func Unnamed() []detectors.Rule {
	const noun = `(?:token|secret|password|passwd|passphrase|api[_-]?key|credentials?)`
	return []detectors.Rule{{
		// Compose, swarms and kustomize make secrets of such files, and scripts read them: https://docs.docker.com/compose/how-tos/use-secrets/
		ID:          "secret-file",
		Description: "a secret that is all that its file holds, which is named after it",
		Pattern:     `\A\s*([!-~]{12,200})\s*\z`,
		Group:       1,
		Path:        `(?i)(?:^|/)(?:\.?secrets?/[^/.]+(?:\.txt)?|\.?(?:[^/.]*[_.-])?` + noun + `(?:\.txt)?)$`,
		Entropy:     3,
		Generic:     true,
	}}
}
