package mirror_test

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/mirror"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/target"
)

// TestPassword mirrors from a server that asks for a password. It gets the one of the address, which no argument of a process and no file of the
// mirror shows; without one, nobody is asked.
func TestPassword(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	for _, args := range [][]string{
		{"init", "-q", dir + "/work"},
		{"-C", dir + "/work", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first", "--allow-empty"},
		{"clone", "-q", "--bare", dir + "/work", dir + "/served.git"},
	} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %s", args, out)
		}
	}
	secret := rand.Text() + ":/@" // that no other process has
	served := 0
	serve := &cgi.Handler{Path: git, Args: []string{"http-backend"}, Env: []string{"GIT_PROJECT_ROOT=" + dir, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "a b" || password != secret {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		processes, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, name := range processes {
			if args, err := os.ReadFile(name); err == nil && strings.Contains(string(args), secret[:8]) {
				t.Errorf("a process shows the password: %q", args)
			}
		}
		served++
		serve.ServeHTTP(w, r)
	}))
	defer server.Close()
	mirrors, err := mirror.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer mirrors.Close()
	for user, ok := range map[string]bool{"a%20b:" + url.QueryEscape(secret) + "@": true, "a:" + secret[:8] + "@": false, "": false} {
		one, err := target.Parse(strings.Replace(server.URL, "http://", "http://"+user, 1)+"/served.git", ".")
		if err != nil {
			t.Fatal(err)
		}
		repo, err := mirrors.Update(t.Context(), one)
		switch {
		case ok && (err != nil || repo.Head(t.Context()) == ""):
			t.Errorf("%s: %v", one.Name, err)
		case !ok && (err == nil || strings.Contains(err.Error(), secret[:8])):
			t.Errorf("without the password: %v", err)
		}
		if out, err := exec.Command("grep", "-r", secret[:8], mirrors.Folder(one.Name)).Output(); err == nil {
			t.Errorf("the mirror holds the password: %s", out)
		}
	}
	if served == 0 {
		t.Error("nobody asked the server")
	}
}

// TestRedirected: what an address is redirected to does not get the user and the password that are for another host.
func TestRedirected(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	asked := 0
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if _, _, ok := r.BasicAuth(); ok {
			t.Errorf("%s %s came with a password", r.Method, r.URL)
		}
		if r.Method == http.MethodPost {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
		io.WriteString(w, "001e# service=git-upload-pack\n0000000eversion 2\n000cls-refs\n0000")
	}))
	defer other.Close()
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere+r.URL.String(), http.StatusFound)
	}))
	defer server.Close()
	mirrors, err := mirror.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer mirrors.Close()
	one, err := target.Parse(strings.Replace(server.URL, "http://", "http://a:hunter@", 1)+"/x.git", ".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mirrors.Update(t.Context(), one); err == nil {
		t.Error("it is mirrored without the password")
	}
	if asked < 2 {
		t.Error("nobody asked the other host for a listing")
	}
}

// served makes a repository with two commits, and returns it as a target and what runs git in it.
func served(t *testing.T) (target.Target, func(args ...string)) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %s", args, out)
		}
	}
	git("init", "-q", "-b", "trunk")
	for range 2 {
		git("commit", "-qm", "one", "--allow-empty")
	}
	one, err := target.Parse("file://"+filepath.ToSlash(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	return one, git
}

// TestBroken: a mirror that is none any more is made anew, and the repository that the work folder lies in is left alone.
func TestBroken(t *testing.T) {
	one, git := served(t)
	around := t.TempDir()
	git("clone", "-q", ".", around)
	git("-C", around, "branch", "precious")
	mirrors, err := mirror.Open(filepath.Join(around, "work"))
	if err != nil {
		t.Fatal(err)
	}
	defer mirrors.Close()
	for range 2 {
		repo, err := mirrors.Update(t.Context(), one)
		if err != nil || repo.Head(t.Context()) == "" {
			t.Fatal(repo, err)
		}
		if err := os.RemoveAll(filepath.Join(mirrors.Folder(one.Name), "objects")); err != nil {
			t.Fatal(err)
		}
	}
	git("-C", around, "rev-parse", "--verify", "-q", "precious")
}

// TestEnded: what a git leaves that was killed stops nothing, and fills no disk.
func TestEnded(t *testing.T) {
	one, git := served(t)
	mirrors, err := mirror.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer mirrors.Close()
	if _, err := mirrors.Update(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	git("branch", "tmp_x")
	left := []string{"HEAD.lock", "packed-refs.lock", "refs/heads/x.lock", "objects/info/commit-graph.lock", "objects/pack/tmp_pack_x", "objects/pack/.tmp-1-pack-x.pack"}
	for i, name := range left {
		left[i] = filepath.Join(mirrors.Folder(one.Name), name)
		if err := os.WriteFile(left[i], nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		repo, err := mirrors.Update(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		if branches := repo.Branches(t.Context()); len(branches) != 2 {
			t.Errorf("branches: %v", branches)
		}
	}
	for _, name := range left {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s is left", name)
		}
	}
}

// TestFolder: names are of whatever characters, and folders are not.
func TestFolder(t *testing.T) {
	mirrors, err := mirror.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer mirrors.Close()
	if _, err := mirror.Open(filepath.Dir(filepath.Dir(mirrors.Folder("")))); err == nil {
		t.Error("two work in one folder")
	}
	seen := map[string]bool{}
	for _, name := range []string{"", "..", "../..", "/", "-", ".git", "a/b", "a_b", "A/b", "é", strings.Repeat("x", 5000), strings.Repeat("x", 5001)} {
		folder := strings.ToLower(mirrors.Folder(name))
		base := filepath.Base(folder)
		if seen[folder] || len(base) > 200 || !strings.HasPrefix(base, "r_") || filepath.Dir(folder) != strings.ToLower(filepath.Dir(mirrors.Folder(""))) {
			t.Errorf("%q: %s", name, folder)
		}
		seen[folder] = true
	}
}

// TestUnpacked: a mirror that git cannot pack is read all the same, and somebody is told.
func TestUnpacked(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	one, _ := served(t)
	mirrors, err := mirror.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer mirrors.Close()
	told := ""
	mirrors.Unpacked = func(name string, err error) { told = name + ": " + err.Error() }
	for _, broken := range []bool{false, true} {
		if broken {
			folder := filepath.Join(mirrors.Folder(one.Name), "objects", "17") // by which git tells how many there are
			if err := os.MkdirAll(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			for i := range 60 {
				if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%038d", i)), []byte("no object"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		if repo, err := mirrors.Update(t.Context(), one); err != nil || repo.Head(t.Context()) == "" {
			t.Fatal(err)
		}
		if (told != "") != broken {
			t.Errorf("told %q, though broken is %v", told, broken)
		}
	}
}
