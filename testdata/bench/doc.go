// Bench measures stagewall beside gitleaks, whole processes of both in turn, and says where their findings differ.
//
//	go run . time     TREE...   a table of processor seconds, wall seconds and memory
//	go run . compare  TREE...   the differences, file by file and rule by rule
//	go run . rules    gitleaks|all TREE   what time measures to see what the providers' rules cost beside gitleaks': the engine alone
//
// A tree is a folder, or a Go module and its version, which the go command fetches: k8s.io/kubernetes@v1.34.0. Both programs are built
// from the versions that go.mod has. What was measured so far is in results.txt; records has what benchmarks printed, for
// golang.org/x/perf/cmd/benchstat: of time, and of go test -bench in detectors/match and detectors/suite.
package main
