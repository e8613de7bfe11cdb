package scan_test

import (
	"regexp"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// The baselines answer from the lines on which a token stands and from its files' paths, as simpler programs do. Where they see
// nothing they say that they do not know, which is kinder to them than the "not production" that is usual.

// baselines are the names, in the order in which they are printed.
var baselines = []string{"majority", "substring", "first match"}

// fit returns the baselines, of which majority learns from the rows of the training half.
func fit(rows []row) map[string]func(row) said {
	return map[string]func(row) said{"majority": majority(rows), "substring": substring, "first match": firstMatch}
}

// majority gives to each question the answer that is most often right in the training half.
func majority(rows []row) func(row) said {
	counts := map[string]map[string]int{}
	best := map[string]answer{}
	for _, r := range rows {
		if r.c.held {
			continue
		}
		q, a := r.label.question, r.label.answers[0]
		if counts[q] == nil {
			counts[q] = map[string]int{}
		}
		counts[q][a.text]++
		if counts[q][a.text] > counts[q][best[q].text] {
			best[q] = a
		}
	}
	return func(r row) said {
		a := best[r.label.question]
		return said{found: true, known: a.text != "unknown", environments: a.environments, privileges: a.privileges, word: a.text}
	}
}

// words are parts of texts and the environments that they are taken for.
var words = []struct {
	part string
	env  detectors.Environment
}{
	{"prod", detectors.Production}, {"live", detectors.Production}, {"stag", detectors.Staging}, {"stg", detectors.Staging},
	{"dev", detectors.Development}, {"local", detectors.Development}, {"test", detectors.Test}, {"qa", detectors.Test},
	{"sandbox", detectors.Test}, {"preview", detectors.Preview}, {"review", detectors.Preview},
}

// powers are parts of texts and what they are taken for, the gravest first.
var powers = []struct {
	part string
	does detectors.Privilege
}{
	{"delete", detectors.Destroy}, {"destroy", detectors.Destroy}, {"drop", detectors.Destroy}, {"remove", detectors.Destroy},
	{"purge", detectors.Destroy}, {"truncate", detectors.Destroy}, {"reset", detectors.Destroy}, {"admin", detectors.Admin},
	{"create", detectors.Write}, {"deploy", detectors.Write}, {"post", detectors.Write}, {"put", detectors.Write}, {"set", detectors.Write},
	{"readonly", detectors.Read}, {"read", detectors.Read}, {"list", detectors.Read}, {"get", detectors.Read},
}

// text returns the lines and paths of the token, and for what is done with it the whole files, in lower case.
func text(r row) string {
	var b strings.Builder
	for _, p := range r.c.places(r.label.subject) {
		b.WriteString(p.path + " " + p.line + "\n")
		if r.label.question == "least" {
			b.WriteString(r.c.files[p.path])
		}
	}
	return strings.ToLower(b.String())
}

// substring takes every environment whose word stands somewhere.
func substring(r row) said {
	s := said{found: true}
	t := text(r)
	for _, w := range words {
		if strings.Contains(t, w.part) {
			s.environments |= w.env
			s.known = true
		}
	}
	for _, p := range powers {
		if strings.Contains(t, p.part) {
			s.privileges |= p.does
			break
		}
	}
	return s
}

var separators = regexp.MustCompile(`[^a-z0-9]+`)

// firstMatch takes the first whole word, of the line before those of the path.
func firstMatch(r row) said {
	s := said{found: true}
	for word := range strings.SplitSeq(separators.ReplaceAllString(lineFirst(r), " "), " ") {
		for _, w := range words {
			if !s.known && (word == w.part || w.part == "prod" && word == "production" || w.part == "stag" && word == "staging") {
				s.environments, s.known = w.env, true
			}
		}
		for _, p := range powers {
			if s.privileges == 0 && word == p.part {
				s.privileges = p.does
			}
		}
	}
	return s
}

func lineFirst(r row) string {
	var lines, paths []string
	for _, p := range r.c.places(r.label.subject) {
		lines, paths = append(lines, p.line), append(paths, p.path)
		if r.label.question == "least" {
			lines = append(lines, r.c.files[p.path])
		}
	}
	return strings.ToLower(strings.Join(append(lines, paths...), " "))
}
