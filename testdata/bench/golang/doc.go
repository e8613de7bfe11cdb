// Package golang measures what the analysis of Go costs, on modules that anybody can download, beside other ways to analyse them:
//
//	go test -bench . -benchtime 1x
//
// Each way runs in a process of its own, with what it starts, after the module has been built, so that export data lies in the build cache:
//
//   - vet: go vet ./..., with none of vet's own results cached
//   - module: stagewall scan --go=module, the whole scan: all files, all rules, tokens, linking and the report
//   - syntax: the same with --go=syntax, which loads no packages
//   - vettool: go vet -vettool=stagewall ./..., with no results cached
//   - program: the whole program in SSA form with CHA and VTA call graphs, as govulncheck and others need it
//   - capslock: what https://github.com/google/capslock does
//
// cpu-s is user and system time, MB the most memory that one process of them had. results.txt holds a run. Capslock and the rest are
// dependencies of this module and not the tool's.
package golang
