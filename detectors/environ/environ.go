package environ

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// Cue is a word, or a phrase, that names environments.
type Cue struct {
	Word         string // as it is written: "STAGING", "pre-prod"
	Span         detectors.Span
	Environments detectors.Environment
	Credential   bool // an identifier's other words hold a noun of credentials: token, key, password
}

// Value returns the environments that a whole value names: staging, prod-eu-1, Production, acme-stg. A value may have slashes, as
// environments of deployments do (review/feature-x): the first part that names an environment decides. Addresses and git references
// are no such values; see [Host] and [Branch].
func Value(s string) detectors.Environment { return union(ValueCues(s)) }

// ValueCues returns the words behind [Value].
func ValueCues(s string) []Cue {
	if strings.Contains(s, "://") || strings.HasPrefix(s, "refs/") {
		return nil
	}
	offset := 0
	for part := range strings.SplitSeq(s, "/") {
		if cues := find(part, inValue, offset, false); cues != nil {
			return cues
		}
		offset += len(part) + 1
	}
	return nil
}

// Identifier returns the environments that an identifier names: STAGING_DB_URL, deploy:staging, deployStaging, deploy-prod.
func Identifier(name string) detectors.Environment { return union(IdentifierCues(name)) }

// Job is like [Identifier] for the name of a job of a CI system, none of which is anybody's own machine: what it calls local is what it is about.
func Job(name string) detectors.Environment {
	return union(slices.DeleteFunc(IdentifierCues(name), func(c Cue) bool { return strings.EqualFold(c.Word, "local") }))
}

// IdentifierCues returns the words behind [Identifier].
func IdentifierCues(name string) []Cue { return find(name, inIdentifier, 0, false) }

// Branch returns the environments that a branch's name, or a pattern of names, stands for. main, master and release say nothing by
// themselves, and neither do words in the names of topics: fix/prod-login.
func Branch(b string) detectors.Environment {
	b = strings.TrimPrefix(strings.TrimPrefix(b, "refs/heads/"), "origin/")
	first, _, nested := strings.Cut(b, "/")
	if nested && topics[strings.ToLower(first)] {
		return 0
	}
	for part := range strings.SplitSeq(b, "/") {
		if head, _, _ := strings.Cut(part, "-"); topics[strings.ToLower(head)] {
			continue
		}
		if found := union(find(part, onBranch, 0, false)); found != 0 {
			return found
		}
	}
	return 0
}

// topics begin the names of branches on which somebody works at something.
var topics = set("feature", "features", "feat", "fix", "fixes", "bugfix", "bug", "hotfix", "chore", "docs", "doc", "refactor", "add", "remove", "update",
	"dependabot", "renovate", "user", "users", "wip", "ci", "perf", "style", "revert", "cherry", "backport", "improve", "use", "make", "not", "pr", "issue")

func union(cues []Cue) detectors.Environment {
	var e detectors.Environment
	for _, c := range cues {
		e |= c.Environments
	}
	return e
}

// context is where a text stands.
type context uint8

const (
	inValue context = iota
	inIdentifier
	inPath
	inHost
	onBranch
)

func (m meaning) need(in context) need {
	return [...]need{m.value, m.identifier, m.path, m.host, m.onBranch}[in]
}

// find returns the cues of s, with offset added to their spans. configured says that a path's part stands where settings stand.
func find(s string, in context, offset int, configured bool) []Cue {
	var textBuffer [longest]byte
	var wordBuffer [24]word
	words := split(s, textBuffer[:0], wordBuffer[:0])
	var cues []Cue
	for i := 0; i < len(words); {
		m, n := read(words, i)
		if n == 0 {
			i++
			continue
		}
		if m.need(in) != never && !blocked(words, i, n) && holds(words, i, n, m, in, s, configured) {
			at := detectors.Span{Start: words[i].start, End: words[i+n-1].end}
			cues = append(cues, Cue{
				Word:         s[at.Start:at.End],
				Span:         detectors.Span{Start: at.Start + offset, End: at.End + offset},
				Environments: m.environments,
				Credential:   hasAny(words, credentials),
			})
		}
		i += n
	}
	return withoutPurpose(cues)
}

// withoutPurpose drops test and local where another environment is named: they then say what the thing is for, or where it lies
// (.env.staging.local).
func withoutPurpose(cues []Cue) []Cue {
	others := false
	for _, c := range cues {
		others = others || !c.isPurpose()
	}
	if !others {
		return cues
	}
	kept := cues[:0]
	for _, c := range cues {
		if !c.isPurpose() {
			kept = append(kept, c)
		}
	}
	return kept
}

func (c Cue) isPurpose() bool { return c.Environments == test || strings.EqualFold(c.Word, "local") }

// read returns the meaning of the phrase or word at i and the number of words that it has, 0 if it means no environment.
func read(words []word, i int) (meaning, int) {
	for _, p := range phrases {
		if follows(words[i:], p.words) {
			return p.meaning, len(p.words)
		}
	}
	if isProductivity(words[i:]) {
		return meaning{}, 2
	}
	if isPull(words[i:]) {
		return meaning{preview, anywhere, never, never, edge, never}, 2
	}
	if m, ok := vocabulary[string(words[i].text)]; ok {
		return m, 1
	}
	return meaning{}, 0
}

func follows(words []word, phrase []string) bool {
	if len(words) < len(phrase) {
		return false
	}
	for i, p := range phrase {
		if string(words[i].text) != p {
			return false
		}
	}
	return true
}

// isProductivity reports whether the words begin with DevProd, which is short for developer productivity when nothing parts it.
func isProductivity(words []word) bool {
	return len(words) > 1 && string(words[0].text) == "dev" && string(words[1].text) == "prod" && words[0].end == words[1].start
}

// isPull reports whether the words begin with the name that previews of pull requests have: pr-123.
func isPull(words []word) bool {
	return len(words) > 1 && (string(words[0].text) == "pr" || string(words[0].text) == "mr") && words[1].isNumber()
}

// blocked reports whether the neighbours of the n words at i take their meaning away.
func blocked(words []word, i, n int) bool {
	b, ok := blockers[string(words[i].text)]
	if !ok || n > 1 {
		return false
	}
	if i+1 < len(words) && among(b.after, words[i+1].text) {
		return true
	}
	for _, w := range words {
		if among(b.anywhere, w.text) {
			return true
		}
	}
	before := i - 1
	if vocabulary[string(words[i].text)].environments == production {
		if before >= 0 && loose[string(words[before].text)] && (before == 0 || !among(negations, words[before-1].text)) {
			return among(b.before, words[before].text)
		}
		if before > 0 && loose[string(words[before].text)] {
			return true
		}
	}
	return before >= 0 && among(b.before, words[before].text)
}

// negations, before a loose word, say that production is not meant.
var negations = []string{"not", "non", "never", "unsafe", "no", "except", "fake"}

func among(list []string, text []byte) bool {
	for _, s := range list {
		if string(text) == s {
			return true
		}
	}
	return false
}

// holds reports whether the n words at i stand as their meaning needs in this context.
func holds(words []word, i, n int, m meaning, in context, s string, configured bool) bool {
	if isRegion(words, i, n) || in == inIdentifier && isTopLevel(words, i, s) {
		return false
	}
	switch m.need(in) {
	case anywhere, segment:
		return true
	case whole:
		return alone(words, 0, i) && alone(words, i+n, len(words))
	case edge:
		if in == inValue && numbered(words, i, n) {
			return false
		}
		return (alone(words, 0, i) || alone(words, i+n, len(words))) && !(in == onBranch && len(words) > 4)
	case settings:
		return configured && (alone(words, 0, i) || alone(words, i+n, len(words)))
	case beside:
		return besideNoun(words, i, n, m, s)
	}
	return false
}

// isRegion reports whether the word is live in the name of a region: us-live-1.
func isRegion(words []word, i, n int) bool {
	return string(words[i].text) == "live" && i > 0 && aside[string(words[i-1].text)] && i+n < len(words) && words[i+n].isNumber()
}

// isTopLevel reports whether the word ends a name on the net in a text for people: Publish Trigger.dev.
func isTopLevel(words []word, i int, s string) bool {
	w := words[i]
	return string(w.text) == "dev" && i > 0 && words[i-1].end == w.start-1 && s[w.start-1] == '.' && !strings.HasPrefix(s[w.end:], ".") &&
		strings.Contains(s, " ")
}

// numbered reports whether the word is stage and a number follows: a step of a pipeline.
func numbered(words []word, i, n int) bool {
	return string(words[i].text) == "stage" && i+n < len(words) && words[i+n].isNumber()
}

// alone reports whether the words [from, to) are only numbers, regions and the like.
func alone(words []word, from, to int) bool {
	for _, w := range words[from:to] {
		if !w.isNumber() && !aside[string(w.text)] {
			return false
		}
	}
	return true
}

func besideNoun(words []word, i, n int, m meaning, s string) bool {
	if numbered(words, i, n) {
		return false
	}
	if ownPart(words, i, n) {
		return true
	}
	if hasAny(words, credentials) {
		return true
	}
	return m.environments != production && hasAny(words, connections) && !(string(words[i].text) == "stage" && isUpperCase(s) && Selector(s))
}

// ownPart reports whether the n words at i are a whole part between colons or spaces, and there are other parts.
func ownPart(words []word, i, n int) bool {
	part := words[i].part
	return words[len(words)-1].part != words[0].part &&
		(i == 0 || words[i-1].part != part) && (i+n == len(words) || words[i+n].part != part)
}

func hasAny(words []word, nouns map[string]bool) bool {
	for _, w := range words {
		if nouns[string(w.text)] {
			return true
		}
	}
	return false
}

func isUpperCase(s string) bool {
	for i := range len(s) {
		if isLower(s[i]) {
			return false
		}
	}
	return true
}
