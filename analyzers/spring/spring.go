// Package spring reads the settings of applications of Spring Boot.
//
// # Analyzer spring
//
// A file application.yml, or application-PROFILE.yml, is a program: what it holds is handed to the application, and the variables that stand in it
// for values, ${NAME}, are read. A document of it that is for a profile is only taken where that is active. Who starts an application, and with which
// profiles, is said by package shell.
//
//	https://docs.spring.io/spring-boot/reference/features/external-config.html
//	https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.multi-document
//
// # What is not seen
//
// Files that spring.config.import names, groups of profiles, and profiles that a file of settings makes active.
package spring

import (
	"bytes"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer reads files of settings.
var Analyzer = &analyzers.Analyzer{
	Name:    "spring",
	Doc:     "Reads the settings of applications of Spring Boot: what of them is for which profile, and which variables they take.",
	Version: 1,
	Files:   []string{"**/application{,-*}.{yml,yaml,properties}"},
	Run:     run,
}

// Profiles is the space in which the name Active is the profile that a process runs with.
const (
	Profiles = "spring"
	Active   = "profile"
)

var (
	// between are the lines between a file's documents; those of properties begin with a number sign or an exclamation mark.
	between = lazyregexp.New(`(?m)^[#!]?---[ \t]*(?:#.*)?\r?$`)
	// onProfile is the setting that says which profile a document is for, as a path of keys or as keys in each other; the second one is its older name.
	onProfile = lazyregexp.New(`(?m)^[ \t]*(?:(?:spring\.config\.activate\.|activate\.|config\.activate\.)?on-profile|spring\.profiles|profiles)[ \t]*[:=][ \t]*["']?([^\s"'#\[{][^"'#\r\n]*)`)
	variable  = lazyregexp.New(`\$\{([A-Z][A-Z0-9_]*)[:}]`)
)

func run(pass *analyzers.Pass) error {
	p := analyzers.Program{At: pass.At(0, 0)}
	start := 0
	for _, m := range append(between.FindAllIndex(pass.Data, -1), []int{len(pass.Data), len(pass.Data)}) {
		p.Steps = append(p.Steps, document(pass, start, m[0])...)
		start = m[1]
	}
	pass.Facts.Programs = append(pass.Facts.Programs, p)
	return nil
}

// document returns what the application has of a document.
func document(pass *analyzers.Pass, start, end int) []analyzers.Step {
	text := pass.Data[start:end]
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	at := pass.At(start, end)
	steps := []analyzers.Step{{
		Op: analyzers.OpUse, At: pass.At(start, start), Says: "is a setting of the application",
		Value: analyzers.Value{At: at, Parts: []analyzers.Part{{Span: detectors.Span{Start: start, End: end}}}},
	}}
	for _, m := range variable.FindAllSubmatchIndex(text, -1) {
		steps = append(steps, analyzers.Step{Op: analyzers.OpRead, At: pass.At(start+m[2], start+m[3]), Name: string(text[m[2]:m[3]]), Says: "takes a setting from its environment"})
	}
	m := onProfile.FindSubmatchIndex(text)
	if m == nil {
		return steps
	}
	said := string(text[m[2]:m[3]])
	active := pass.At(start+m[2], start+m[3])
	guard := analyzers.Guard{Value: analyzers.Value{At: active, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: Profiles, Name: Active}}}}}
	if !strings.ContainsAny(said, "&()") {
		said, guard.Not = strings.CutPrefix(said, "!")
		for one := range strings.FieldsFuncSeq(said, func(r rune) bool { return r == '|' || r == ',' || r == ' ' || r == '\t' }) {
			guard.Patterns = append(guard.Patterns, one)
		}
	}
	return []analyzers.Step{{Op: analyzers.OpBlock, At: active, Guard: &guard, Steps: steps}}
}
