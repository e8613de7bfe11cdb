package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// program is a command that is measured on a tree.
type program struct {
	name string
	args func(dir string) []string
}

// cost is what one run of a process took.
type cost struct {
	processor, wall time.Duration
	memory          int64 // bytes at most
}

// time prints what each program costs on each tree: medians of runs that take turns, and each run in the format that benchstat reads
// (https://go.dev/design/14313-benchmark-format).
func (p *programs) time(ctx context.Context, trees []tree, runs int) error {
	all, err := p.measured()
	if err != nil {
		return err
	}
	fmt.Printf("%s, %d processors, medians of %d runs in turn\n", runtime.Version(), runtime.NumCPU(), runs)
	for _, t := range trees {
		costs := make([][]cost, len(all))
		for range runs {
			for i, program := range all {
				c, err := measure(ctx, program.args(t.dir))
				if err != nil {
					return fmt.Errorf("%s on %s: %w", program.name, t.name, err)
				}
				costs[i] = append(costs[i], c)
			}
		}
		for i, program := range all {
			for _, c := range costs[i] {
				fmt.Printf("Benchmark/%s/%s 1 %.3f cpu-s %.3f wall-s %.0f peak-MB\n", t.name, strings.ReplaceAll(program.name, " ", "_"),
					c.processor.Seconds(), c.wall.Seconds(), float64(c.memory)/1e6)
			}
		}
		fmt.Printf("\n%s: %d files, %.1f MB\n%-34s %11s %9s %9s %13s\n", t.name, t.files, float64(t.bytes)/1e6,
			"", "processor s", "wall s", "memory MB", "of gitleaks")
		var first time.Duration
		for i, program := range all {
			c := median(costs[i])
			if i == 0 {
				first = c.processor
			}
			fmt.Printf("%-34s %11.3f %9.3f %9.0f %11.1f ×\n", program.name, c.processor.Seconds(), c.wall.Seconds(), float64(c.memory)/1e6,
				float64(first)/float64(c.processor))
		}
	}
	return nil
}

// measured returns the programs, gitleaks first.
func (p *programs) measured() ([]program, error) {
	report := filepath.Join(p.dir, "report.json")
	scan := func(name string, args ...string) program {
		return program{name, func(dir string) []string {
			return append([]string{p.stagewall, "scan", "--fail-on", "never", "-f", "json", "-r", report, dir}, args...)
		}}
	}
	caches := 0
	cached := func(name string, first bool) program {
		return program{name, func(dir string) []string {
			if first {
				caches++
			}
			cache := filepath.Join(p.dir, fmt.Sprintf("cache%d", caches))
			return scan("", "--cache-dir", cache).args(dir)
		}}
	}
	all := []program{
		{"gitleaks dir", func(dir string) []string {
			return []string{p.gitleaks, "dir", "--no-banner", "--log-level", "error", "--exit-code", "0", "-r", report, dir}
		}},
		scan("stagewall scan --compat=gitleaks", "--compat=gitleaks"),
		scan("the same with --jobs 1", "--compat=gitleaks", "--jobs", "1"),
		scan("stagewall scan --no-cache", "--no-cache"),
		cached("stagewall scan, the first", true),
		cached("stagewall scan, the next", false),
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, which := range []string{rulesOfGitleaks, rulesOfAll} {
		all = append(all, program{"the engine, rules: " + which, func(dir string) []string { return []string{self, "rules", which, dir} }})
	}
	if _, err := exec.LookPath("rg"); err != nil {
		return all, nil
	}
	keywords := filepath.Join(p.dir, "keywords")
	if err := writeKeywords(keywords); err != nil {
		return nil, err
	}
	return append(all, program{"rg -i -F -c -f keywords", func(dir string) []string {
		return []string{"rg", "-i", "-F", "-c", "-f", keywords, dir}
	}}), nil
}

// writeKeywords writes the keywords of gitleaks' rules, one a line.
func writeKeywords(path string) error {
	c, err := gitleaks.Default()
	if err != nil {
		return err
	}
	var words []string
	for _, r := range c.Rules {
		words = append(words, r.Keywords...)
	}
	slices.Sort(words)
	return os.WriteFile(path, []byte(strings.Join(slices.Compact(words), "\n")+"\n"), 0o600)
}

func measure(ctx context.Context, args []string) (cost, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	begin := time.Now()
	err := cmd.Run()
	wall := time.Since(begin)
	if cmd.ProcessState == nil {
		return cost{}, err
	}
	if code := cmd.ProcessState.ExitCode(); code != 0 && args[0] != "rg" {
		return cost{}, fmt.Errorf("%w: %s", err, stderr.String())
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall, usage.Maxrss * 1024}, nil
}

// median returns the medians of the costs, each for itself.
func median(costs []cost) cost {
	return cost{
		middle(costs, func(c cost) time.Duration { return c.processor }),
		middle(costs, func(c cost) time.Duration { return c.wall }),
		middle(costs, func(c cost) int64 { return c.memory }),
	}
}

func middle[T cmp.Ordered](costs []cost, of func(cost) T) T {
	values := make([]T, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
