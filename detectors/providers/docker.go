package providers

import (
	"encoding/base64"
	"strings"
	"unicode"

	"github.com/stagewall/stagewall/detectors"
)

const (
	dockerPersonal     = "https://docs.docker.com/security/access-tokens/"
	dockerOrganization = "https://docs.docker.com/enterprise/security/access-tokens/"
	dockerHubAPI       = "https://docs.docker.com/reference/api/hub/latest/"
	dockerSwarm        = "https://docs.docker.com/engine/swarm/"
	dockerConfig       = "https://docs.docker.com/reference/cli/docker/login/"
)

// docker knows tokens of Docker Hub, what Docker's configuration file keeps of any registry's login, and the keys of a swarm. A registry has no
// environments: whoever pushes an image changes what every one of them pulls.
func docker() detectors.Provider {
	const personal, organization, login = "personal-access-token", "organization-access-token", "registry-login"
	const join, unlock = "swarm-join-token", "swarm-unlock-key"
	hub := []string{personal, organization}
	prefix := func(id, description, body, word, kind string) detectors.Rule {
		return detectors.Rule{
			ID: "docker-" + id, Description: description, Pattern: prefixed(body), Group: 1, Keywords: []string{word}, Entropy: 3.5, Kinds: []string{kind},
		}
	}
	return detectors.Provider{
		Name:   "docker",
		Title:  "Docker",
		Hosts:  []string{"hub.docker.com", "index.docker.io", "registry-1.docker.io", "auth.docker.io"},
		Decode: decodeDocker,
		Rules: []detectors.Rule{
			prefix("personal-token", "a person's access token for Docker Hub", `dckr_pat_[A-Za-z0-9_-]{27}`, "dckr_pat_", personal),
			prefix("organization-token", "an organization's access token for Docker Hub", `dckr_oat_[A-Za-z0-9_-]{32}`, "dckr_oat_", organization),
			prefix("swarm-join-token", "a token with which a node joins a swarm", `SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}`, "swmtkn-1-", join),
			{
				ID:          "docker-swarm-unlock-key",
				Description: "the key that unlocks a swarm's managers",
				Pattern:     left + `(SWMKEY-1-[A-Za-z0-9+/]{43})(?:[^A-Za-z0-9+/_-]|$)`,
				Group:       1,
				Keywords:    []string{"swmkey-1-"},
				Entropy:     3.5,
				Kinds:       []string{unlock},
			},
			{
				ID:          "docker-registry-login",
				Description: "a registry's login in Docker's configuration: user and password in base 64",
				Pattern:     `\\?["']auth\\?["'][ \t]*:[ \t]*\\?["']([A-Za-z0-9+/]{12,1000}={0,2})\\?["']`,
				Group:       1,
				Keywords:    []string{`auths"`, "auths'", `auths\`, "auths:"},
				Entropy:     3,
				Kinds:       []string{login},
				Generic:     true, // a token within belongs to whoever issued it
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every repository of its owner and of the owner's organizations: its permission limits what it does, not where",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"DOCKERHUB_TOKEN", "DOCKER_HUB_TOKEN", "DOCKERHUB_ACCESS_TOKEN", "DOCKER_HUB_ACCESS_TOKEN"},
				Shape:     `dckr_pat_[A-Za-z0-9_-]{27}`,
				Cut:       "pull with a token that reads only, push from the release job alone, and delete this one",
				Source:    dockerPersonal,
			},
			{
				Name:   organization,
				Title:  "organization access token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the repositories of one organization that it was made for, which it does not show",
				AtMost: detectors.UnknownPower,
				Shape:  `dckr_oat_[A-Za-z0-9_-]{32}`,
				Cut:    "make a token for staging's repositories, and delete this one",
				Source: dockerOrganization,
			},
			{
				Name:   login,
				Title:  "registry login",
				Scope:  detectors.ScopeHost,
				Bound:  "the registry that it stands for",
				AtMost: detectors.UnknownPower,
				Cut:    "let a credential helper keep the login, give each job a token that may do no more than it needs, and revoke this one",
				Source: dockerConfig,
			},
			{
				Name:   join,
				Title:  "swarm join token",
				Scope:  detectors.ScopeContainer,
				Bound:  "one swarm, which it does not name: a node that joins gets its tasks with their secrets, as a manager all of it",
				AtMost: detectors.Full,
				Cut:    "rotate it (docker swarm join-token --rotate), and give staging a swarm of its own",
				Source: dockerSwarm + "join-nodes/",
			},
			{
				Name:   unlock,
				Title:  "swarm unlock key",
				Scope:  detectors.ScopeContainer,
				Bound:  "the encrypted state of one swarm's managers, which it does not name",
				AtMost: detectors.Read | detectors.Write,
				Cut:    "rotate it (docker swarm unlock-key --rotate), and keep it in a password manager",
				Source: dockerSwarm + "swarm_manager_locking/",
			},
		},
		Tools: []detectors.Tool{{
			Name: "docker", Aliases: []string{"podman", "buildah", "skopeo", "nerdctl"}, Variables: []string{"DOCKER_AUTH_CONFIG"},
			Selectors: []string{"--context", "-c", "--host", "-H"},
			Source:    "https://docs.docker.com/reference/cli/docker/",
		}},
		Operations: []detectors.Operation{
			{ // no document lists this call, which scripts and tools make
				Name: "delete a repository", Does: detectors.Destroy, Kinds: hub,
				Calls: []string{"http DELETE /v2/repositories/*/*", "http DELETE /v2/repositories/*/*/", "http DELETE /v2/namespaces/*/repositories/*"}, Source: dockerHubAPI,
			},
			{ // Docker's own tool deletes so: https://github.com/docker/hub-tool/blob/main/pkg/hub/tags.go
				Name: "delete a tag", Does: detectors.Destroy, Kinds: []string{personal, organization, login},
				Calls: []string{
					"http DELETE /v2/repositories/*/*/tags/*", "http DELETE /v2/repositories/*/*/tags/*/", "http DELETE /v2/*/manifests/*", "http DELETE /v2/*/*/manifests/*",
					"cli skopeo delete",
				},
				Source: "https://distribution.github.io/distribution/spec/api/#deleting-an-image",
			},
			{
				Name: "push", Does: detectors.Write, Kinds: []string{personal, organization, login},
				Calls:  []string{"cli docker push", "cli podman push", "cli docker compose push", "cli skopeo copy", "cli skopeo sync"},
				Source: "https://docs.docker.com/reference/cli/docker/image/push/",
			},
			{
				Name: "pull", Does: detectors.Read, Kinds: []string{personal, organization, login},
				Calls: []string{"cli docker pull", "cli podman pull"}, Source: "https://docs.docker.com/reference/cli/docker/image/pull/",
			},
			{
				Name: "join a swarm", Does: detectors.Write, Kinds: []string{join},
				Calls: []string{"cli docker swarm join"}, Source: dockerSwarm + "join-nodes/",
			},
			{
				Name: "remove a service", Does: detectors.Destroy, Kinds: []string{join},
				Calls: []string{"cli docker service rm", "cli docker stack rm", "cli docker secret rm"}, Source: "https://docs.docker.com/reference/cli/docker/service/rm/",
			},
		},
	}
}

// dockerManual are the token and the key of the manual, https://docs.docker.com/engine/swarm/swarm_manager_locking/
var dockerManual = [...]string{"49nj1cmql0jkz5s954yi3oex3nedyz0fb0xx14ie39trti4wxv", "7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8"}

// decodeDocker tells the kinds apart by their prefixes. A login is USER:PASSWORD in base 64; what is none, or what examples have, is no token.
func decodeDocker(text string) detectors.Decoded {
	for prefix, kind := range map[string]string{
		"dckr_pat_": "personal-access-token", "dckr_oat_": "organization-access-token", "SWMTKN-1-": "swarm-join-token", "SWMKEY-1-": "swarm-unlock-key",
	} {
		if !strings.HasPrefix(text, prefix) {
			continue
		}
		for _, manual := range dockerManual {
			if strings.Contains(text, manual) {
				return detectors.Decoded{Reject: "the manual's"}
			}
		}
		return detectors.Decoded{Kind: kind}
	}
	if len(text) > longestText {
		return detectors.Decoded{}
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	user, password, ok := strings.Cut(string(raw), ":")
	unreadable := strings.ContainsFunc(user, func(r rune) bool { return !unicode.IsPrint(r) })
	switch {
	case err != nil || !ok || unreadable || user == "":
		return detectors.Decoded{Reject: "it is no user and password"}
	case fakePassword(password, user) != "":
		return detectors.Decoded{Reject: "the password is " + fakePassword(password, user)}
	}
	return detectors.Decoded{Kind: "registry-login"}
}
