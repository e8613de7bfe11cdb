package shell

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// forge fills in the request that a forge's program is told to send: gh api repos/acme/x, glab api projects/1
// (https://cli.github.com/manual/gh_api, https://docs.gitlab.com/cli/api/).
func (r *reader) forge(c command, s *detectors.Sink) {
	root := map[string]string{"gh": "/", "glab": "/api/v4/"}[s.Tool]
	if root == "" {
		return
	}
	found, operands := options(c.args(), "-X --method -f --raw-field -F --field -H --header -q --jq -t --template -p --preview --cache --hostname --input", true)
	if len(operands) < 2 || operands[0].text != "api" {
		return
	}
	fields := append(all(found, "-f --raw-field"), all(found, "-F --field")...)
	s.Method = "GET"
	if _, body := last(found, "--input"); len(fields) > 0 || body {
		s.Method = "POST"
	}
	if method, ok := last(found, "-X --method"); ok {
		s.Method = strings.ToUpper(r.textOf(method))
	}
	address := operands[1]
	k := r.pattern(address.value)
	if strings.Contains(k.prefix, "://") {
		s.Host, s.Path = r.address(address)
		return
	}
	if s.Tool == "gh" {
		s.Host = "api.github.com"
	}
	text := strings.Trim(k.prefix[:end(k.prefix, "?#")], "/")
	s.Path = detectors.Word{Text: root + text, Span: cover(k.parts)}
	if text == "graphql" {
		s.Path.Text = "/graphql"
		for _, f := range fields {
			s.Fields = append(s.Fields, r.fields(f.value)...)
		}
	}
}
