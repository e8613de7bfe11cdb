package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	runs := flag.Int("runs", 5, "how often each program is run on each tree")
	show := flag.Int("show", 0, "how many findings of each difference to show")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run . [flags] time|compare TREE... | rules gitleaks|all TREE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() < 2 {
		flag.Usage()
		os.Exit(2)
	}
	if flag.Arg(0) == "rules" && flag.NArg() == 3 {
		if err := scanWith(ctx, flag.Arg(1), flag.Arg(2)); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(ctx, flag.Arg(0), flag.Args()[1:], *runs, *show); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, what string, names []string, runs, show int) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := build(ctx, dir)
	if err != nil {
		return err
	}
	trees := make([]tree, len(names))
	for i, name := range names {
		if trees[i], err = find(ctx, name); err != nil {
			return err
		}
	}
	switch what {
	case "time":
		return p.time(ctx, trees, runs)
	case "compare":
		return p.compare(ctx, trees, show)
	}
	return fmt.Errorf("there is no %q: time, compare", what)
}

// programs are what is compared.
type programs struct {
	dir                 string // for reports
	stagewall, gitleaks string
}

func build(ctx context.Context, dir string) (*programs, error) {
	p := &programs{dir, filepath.Join(dir, "stagewall"), filepath.Join(dir, "gitleaks")}
	for _, b := range []struct{ out, in, pkg string }{
		{p.stagewall, "../..", "./cmd/stagewall"},
		{p.gitleaks, ".", "github.com/zricethezav/gitleaks/v8"},
	} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", b.out, b.pkg)
		cmd.Dir, cmd.Stderr = b.in, os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("building %s: %w", b.pkg, err)
		}
	}
	return p, nil
}

// tree is what is scanned.
type tree struct {
	name, dir    string
	files, bytes int
}

func find(ctx context.Context, name string) (tree, error) {
	t := tree{name: filepath.Base(name), dir: name}
	if strings.Contains(name, "@") {
		out, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", name).Output()
		var module struct{ Dir, Error string }
		if json.Unmarshal(out, &module) == nil && module.Error != "" {
			err = errors.New(module.Error)
		}
		if err != nil {
			return t, fmt.Errorf("%s: %w", name, err)
		}
		t.dir = module.Dir
	}
	err := filepath.WalkDir(t.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		t.files++
		t.bytes += int(info.Size())
		return nil
	})
	return t, err
}
