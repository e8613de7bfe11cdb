package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/stagewall/stagewall/detectors/match"
)

// diagnostics are profiles of a scan, under gitleaks' flags and names.
type diagnostics struct{ kinds, dir string }

// start begins the profiles and returns what ends and writes them.
func (d diagnostics) start() (stop func() error, err error) {
	var stops []func() error
	stop = func() error {
		var errs []error
		for _, s := range slices.Backward(stops) {
			errs = append(errs, s())
		}
		return errors.Join(errs...)
	}
	if d.kinds == "" {
		return stop, nil
	}
	if err := os.MkdirAll(d.dir, 0o755); err != nil {
		return nil, failed(err)
	}
	for kind := range strings.SplitSeq(d.kinds, ",") {
		s, err := d.startOne(strings.TrimSpace(kind))
		if err != nil {
			return nil, errors.Join(err, stop())
		}
		stops = append(stops, s)
	}
	return stop, nil
}

func (d diagnostics) startOne(kind string) (stop func() error, err error) {
	names := map[string]string{"cpu": "cpu.pprof", "mem": "mem.pprof", "trace": "trace.out"}
	name, ok := names[kind]
	if !ok {
		return nil, fmt.Errorf("--diagnostics is cpu, mem, trace, or several of them with commas, not %q", kind)
	}
	f, err := os.Create(filepath.Join(d.dir, name))
	if err != nil {
		return nil, failed(err)
	}
	switch kind {
	case "cpu":
		return func() error { pprof.StopCPUProfile(); return f.Close() }, pprof.StartCPUProfile(f)
	case "trace":
		return func() error { trace.Stop(); return f.Close() }, trace.Start(f)
	}
	return func() error {
		runtime.GC() // of memory that nobody uses any more the profile says nothing
		return errors.Join(pprof.WriteHeapProfile(f), f.Close())
	}, nil
}

// writeTimings prints what the rules cost, the dearest first.
func writeTimings(w io.Writer, timings []match.Timing) {
	sum := map[string]match.Timing{}
	total := time.Duration(0)
	for _, t := range timings {
		t.Rule = cmp.Or(t.Rule, "(search for the words of all rules)")
		t.Texts += sum[t.Rule].Texts
		total += t.Time
		t.Time += sum[t.Rule].Time
		sum[t.Rule] = t
	}
	list := make([]match.Timing, 0, len(sum))
	for _, t := range sum {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b match.Timing) int { return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.Rule, b.Rule)) })
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "rule\ttime\tshare\ttexts\n")
	for _, t := range list {
		fmt.Fprintf(table, "%s\t%v\t%.1f%%\t%d\n", t.Rule, t.Time.Round(time.Microsecond), 100*float64(t.Time)/float64(max(total, 1)), t.Texts)
	}
	table.Flush()
}
