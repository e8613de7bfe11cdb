package providers

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	pypiTokens  = "https://pypi.org/help/#apitoken"
	pypiCaveats = "https://github.com/pypi/warehouse/blob/main/warehouse/macaroons/caveats/__init__.py"
	pypiTwine   = "https://twine.readthedocs.io/en/stable/"
)

// The kinds that a macaroon of PyPI's tells apart.
const (
	pypiUser    = "user-token"
	pypiProject = "project-token"
	pypiTest    = "test-token"
)

// pypi's tokens are macaroons: their text names the registry, PyPI or TestPyPI, and lists what they are limited to. They upload and do nothing else. A
// registry has no environments, but TestPyPI is for tests.
func pypi() detectors.Provider {
	upload := []string{pypiUser, pypiProject}
	return detectors.Provider{
		Name:   "pypi",
		Title:  "PyPI",
		Hosts:  []string{"upload.pypi.org", "test.pypi.org", "pypi.org"},
		Decode: decodePyPI,
		Rules: []detectors.Rule{{
			ID:          "pypi-api-token",
			Description: "an API token of PyPI or TestPyPI",
			Pattern:     prefixed(`pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZ)[A-Za-z0-9_-]{50,}`),
			Group:       1,
			Keywords:    []string{"pypi-ag"},
			Entropy:     4,
			Kinds:       []string{pypiUser, pypiProject, pypiTest},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      pypiUser,
				Title:     "token for all projects",
				Scope:     detectors.ScopeAccount,
				Bound:     "uploads to every project of its owner: a registry has no environments",
				AtMost:    detectors.Write,
				Variables: []string{"PYPI_TOKEN", "PYPI_API_TOKEN", "TWINE_PASSWORD", "UV_PUBLISH_TOKEN", "POETRY_PYPI_TOKEN_PYPI", "FLIT_PASSWORD", "HATCH_INDEX_AUTH"},
				Cut:       "publish from the release job by trusted publishing, and delete this token",
				Source:    pypiTokens,
			},
			{
				Name:   pypiProject,
				Title:  "token for chosen projects",
				Scope:  detectors.ScopeAccount,
				Bound:  "uploads to the projects that it names: a registry has no environments",
				AtMost: detectors.Write,
				Cut:    "publish from the release job by trusted publishing, and delete this token",
				Source: pypiTokens,
			},
			{
				Name:      pypiTest,
				Title:     "TestPyPI token",
				Scope:     detectors.ScopeText,
				Bound:     "uploads to TestPyPI, which is for tests",
				AtMost:    detectors.Write,
				Variables: []string{"TEST_PYPI_TOKEN", "TEST_PYPI_API_TOKEN", "TESTPYPI_TOKEN"},
				Cut:       "it touches TestPyPI only; keep it with the job that tests the release",
				Source:    "https://packaging.python.org/guides/using-testpypi/",
			},
		},
		Tools: []detectors.Tool{
			{Name: "twine", Variables: []string{"TWINE_PASSWORD"}, Selectors: []string{"--repository", "-r", "--repository-url"}, Source: pypiTwine},
			{Name: "uv", Variables: []string{"UV_PUBLISH_TOKEN"}, Selectors: []string{"--publish-url", "--index"}, Source: "https://docs.astral.sh/uv/guides/package/"},
			{Name: "poetry", Variables: []string{"POETRY_PYPI_TOKEN_PYPI"}, Selectors: []string{"--repository", "-r"}, Source: "https://python-poetry.org/docs/repositories/"},
			{Name: "flit", Variables: []string{"FLIT_PASSWORD"}, Selectors: []string{"--repository"}, Source: "https://flit.pypa.io/en/stable/upload.html"},
			{Name: "hatch", Variables: []string{"HATCH_INDEX_AUTH"}, Selectors: []string{"--repo", "-r"}, Source: "https://hatch.pypa.io/latest/publish/"},
		},
		Operations: []detectors.Operation{{
			Name: "upload", Does: detectors.Write, Kinds: append(upload, pypiTest),
			Calls:  []string{"cli twine upload", "cli uv publish", "cli poetry publish", "cli flit publish", "cli hatch publish", "cli pdm publish", "http POST /legacy/"},
			Source: "https://docs.pypi.org/api/upload/",
		}},
	}
}

// decodePyPI reads a macaroon of the second version: 2, then fields, each a type, a length and so many bytes, and 0 after each section. Of the first
// section, field 1 is the registry; of the others, field 2 is a caveat: a JSON array of a number that says what it limits, and its values.
// https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt
func decodePyPI(token string) detectors.Decoded {
	body, ok := strings.CutPrefix(token, "pypi-")
	if !ok {
		return detectors.Decoded{}
	}
	if len(body) > longestText {
		return undecodable("")
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(body, "="))
	if err != nil || len(raw) == 0 || raw[0] != 2 {
		return undecodable("")
	}
	d := detectors.Decoded{Kind: pypiUser}
	section := 0
	for rest := raw[1:]; len(rest) > 0; {
		if rest[0] == 0 {
			section, rest = section+1, rest[1:]
			continue
		}
		field := rest[0]
		length, n := binary.Uvarint(rest[1:])
		if n <= 0 || length > uint64(len(rest)-1-n) {
			break // cut off: what was read holds
		}
		value := string(rest[1+n:][:length])
		rest = rest[1+n+int(length):]
		const location, identifier = 1, 2
		switch {
		case section == 0 && field == location:
			d.Hosts = []string{value}
		case section > 0 && field == identifier:
			limitPyPI(&d, value)
		}
	}
	switch strings.Join(d.Hosts, "") {
	case "test.pypi.org":
		d.Kind, d.Reach = pypiTest, notProduction
		d.Evidence = append(d.Evidence, detectors.Evidence{About: "reach", Says: "the token's text names test.pypi.org", Source: pypiCaveats})
	case "":
		return undecodable("")
	}
	return d
}

// The numbers of caveats, https://github.com/pypi/warehouse/blob/main/warehouse/macaroons/caveats/__init__.py
const (
	pypiExpiry       = 0 // [until, from]
	pypiProjectNames = 1 // [names]
	pypiProjectIDs   = 2 // [ids]
	pypiRequestUser  = 3 // id
)

// limitPyPI notes what a caveat limits a token to. Older tokens have an object instead of an array.
func limitPyPI(d *detectors.Decoded, caveat string) {
	var old struct{ Permissions json.RawMessage }
	if json.Unmarshal([]byte(caveat), &old) == nil && old.Permissions != nil {
		var of struct{ Projects []string }
		if json.Unmarshal(old.Permissions, &of) == nil && len(of.Projects) > 0 {
			projectsOfPyPI(d, of.Projects)
		}
		return
	}
	var array []json.RawMessage
	var tag int
	if json.Unmarshal([]byte(caveat), &array) != nil || len(array) < 2 || json.Unmarshal(array[0], &tag) != nil {
		return
	}
	switch tag {
	case pypiExpiry:
		var end float64
		if json.Unmarshal(array[1], &end) == nil {
			*d = until(*d, end, pypiCaveats)
		}
	case pypiProjectNames, pypiProjectIDs:
		var projects []string
		if json.Unmarshal(array[1], &projects) == nil {
			projectsOfPyPI(d, projects)
		}
	case pypiRequestUser:
		var user string
		if json.Unmarshal(array[1], &user) == nil {
			d.IDs = append(d.IDs, detectors.ID{What: "user", Value: user})
		}
	}
}

func projectsOfPyPI(d *detectors.Decoded, projects []string) {
	d.Kind = pypiProject
	for _, project := range projects {
		d.IDs = append(d.IDs, detectors.ID{What: "package", Value: project})
	}
}
