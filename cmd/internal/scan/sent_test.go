package scan_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	analyzersuite "github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/suite"
)

// sends are texts that send a token to a host, from a variable whose name says nothing, and as it is: the host, the header's name, what stands
// there before the token, and the token.
var sends = map[string]string{
	"a.sh":     "#!/bin/bash\nT='%[4]s'\ncurl -X POST -H \"%[2]s: %[3]s$T\" https://%[1]s/v1/things\n",
	"plain.sh": "#!/bin/bash\ncurl -X POST -H '%[2]s: %[3]s%[4]s' https://%[1]s/v1/things\n",
	"a.py":     "import requests\nt = '%[4]s'\nrequests.post('https://%[1]s/v1/things', headers={'%[2]s': f'%[3]s{t}'})\n",
	"a.js":     "const t = '%[4]s';\nfetch('https://%[1]s/v1/things', {method: 'POST', headers: {'%[2]s': `%[3]s${t}`}});\n",
	"a.rb":     "require 'net/http'\nreq = Net::HTTP::Post.new(URI('https://%[1]s/v1/things'))\nreq['%[2]s'] = '%[3]s%[4]s'\n",
}

// TestSent: what only its being sent shows to be a token is one, whosever API it is and in whatever language. Of each kind with a header of its own one
// of the formats is found that the provider's tokens have.
func TestSent(t *testing.T) {
	engine, knowledge := detection(t)
	files := map[string]string{}
	formats := map[string][]string{} // by provider
	for _, name := range detectortest.Names() {
		owner := ""
		for _, p := range suite.Providers() {
			if (name == p.Name || strings.HasPrefix(name, p.Name+"-")) && len(p.Name) > len(owner) {
				owner = p.Name
			}
		}
		formats[owner] = append(formats[owner], name)
	}
	missing := map[string][]string{} // by kind and text: the files that try it
	for _, p := range suite.Providers() {
		if len(p.Hosts) == 0 || len(formats[p.Name]) == 0 {
			continue
		}
		host := p.Hosts[0]
		if strings.HasPrefix(host, ".") {
			host = "acme" + host
		}
		for _, k := range p.Kinds {
			for i, header := range k.Headers {
				name, scheme, _ := strings.Cut(header, " ")
				if scheme != "" {
					scheme += " "
				}
				for _, text := range slices.Sorted(maps.Keys(sends)) {
					for _, format := range formats[p.Name] {
						value := detectortest.Mint(fmt.Sprintf("%s#%d", format, len(files)))
						if strings.ContainsAny(value, "\n'") {
							continue
						}
						file := fmt.Sprintf("%s/%s/%d/%s/%s", p.Name, k.Name, i, format, text)
						files[file] = fmt.Sprintf(sends[text], host, name, scheme, value)
						tried := p.Name + ": " + k.Name + " as " + header + ", " + text
						missing[tried] = append(missing[tried], file)
					}
				}
			}
		}
	}
	result, err := scan.Run(context.Background(), scan.Options{
		Source: memory(files), Target: report.Target{Mode: "tree"}, Engine: engine, Knowledge: knowledge, Analyzers: analyzersuite.Analyzers(), Now: time.Unix(0, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, token := range result.Tokens {
		for _, at := range token.Places {
			found[at.Path] = found[at.Path] || strings.HasPrefix(at.Path, token.Provider+"/")
		}
	}
	for tried, by := range missing {
		if !slices.ContainsFunc(by, func(file string) bool { return found[file] }) {
			t.Errorf("%s: found in none of %d texts", tried, len(by))
		}
	}
	t.Logf("%d texts of %d kinds and languages", len(files), len(missing))
}
