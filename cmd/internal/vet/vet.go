// Package vet puts what Stagewall says of Go packages into the drivers that run it: go vet, and through cmd/gclplugin golangci-lint.
//
// The program acts as a tool of go vet when the go command calls it as one:
//
//	go vet -vettool=$(which stagewall) ./...
package vet

import (
	"context"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/stagewall/stagewall/analyzers/golang/passes"
	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzers returns the analyzers, with the rules for tokens in them. The rules are prepared once, when they are first needed.
func Analyzers(opt tokens.Options) []*analysis.Analyzer {
	prepare := sync.OnceValues(newFinder) // most packages that a driver shows are dependencies, for which they are not needed
	find := func(ctx context.Context, files []tokens.File) ([]tokens.Token, error) {
		f, err := prepare()
		if err != nil {
			return nil, err
		}
		return f.find(ctx, files)
	}
	takes := func(s detectors.Sink) []string {
		f, err := prepare()
		if err != nil {
			return nil // find says it
		}
		return f.knowledge.Takes(s)
	}
	return passes.Analyzers(find, takes, opt)
}

// IsVet reports whether the arguments of the program are those with which the go command calls a tool of go vet: -V=full, to learn which
// version it is, -flags, to learn its flags, or flags and the file that describes a package.
// See https://pkg.go.dev/golang.org/x/tools/go/analysis/unitchecker.
func IsVet(args []string) bool {
	if len(args) == 0 {
		return false
	}
	flags, last := args[:len(args)-1], args[len(args)-1]
	for _, f := range flags {
		if !strings.HasPrefix(f, "-") {
			return false
		}
	}
	if len(flags) == 0 && (last == "-V=full" || last == "-flags") {
		return true
	}
	return strings.HasSuffix(last, ".cfg") && !strings.HasPrefix(last, "-")
}

// Main does what the go command asks of a tool of go vet, and exits.
func Main() { unitchecker.Main(Analyzers(tokens.Options{})...) }
