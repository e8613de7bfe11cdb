// Package target says which repositories are audited: folders of this machine, and what is mirrored from elsewhere. Whatever in an address
// could be a secret is kept apart from the name, so that nothing stores or prints it.
package target

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Target is a repository.
type Target struct {
	Name   string // by which it is known from night to night: its path, or its address without user and password
	Path   string // on this machine; "" of one elsewhere
	Remote *Remote
}

// Remote is a repository elsewhere.
type Remote struct {
	Address  string // as git takes it, without what could be a secret
	Protocol string // the only one that git may use for it

	userinfo func() *url.Userinfo // a function, since formatting would print anything else
}

// Credential returns the user and the password of the address, and the scheme and host that they are for, if it has them.
func (r *Remote) Credential() (host, user, password string, ok bool) {
	if r.userinfo == nil {
		return "", "", "", false
	}
	u, err := url.Parse(r.Address)
	if err != nil {
		return "", "", "", false
	}
	password, _ = r.userinfo().Password()
	return u.Scheme + "://" + u.Host, r.userinfo().Username(), password, true
}

// protocols are those that git may speak, by the scheme of an address.
var protocols = map[string]string{"https": "https", "http": "http", "ssh": "ssh", "git": "git", "file": "file"}

// short is how git lets addresses for ssh be written, https://git-scm.com/docs/git-clone#_git_urls.
var short = regexp.MustCompile(`^(?:[A-Za-z0-9_.][A-Za-z0-9_.~-]*@)?[A-Za-z0-9_.][A-Za-z0-9_.-]+:[^:]`)

// Parse reads what a user writes for a repository; a path that is not absolute is so to the folder. Errors repeat nothing of an address.
func Parse(text, folder string) (Target, error) {
	switch scheme, _, ok := strings.Cut(text, "://"); {
	case text == "":
		return Target{}, errors.New("an empty name is no repository")
	case ok && protocols[scheme] != "":
		return parseURL(text)
	case ok && !strings.ContainsAny(scheme, `/\.`):
		return Target{}, errors.New("repositories are fetched by https, http, ssh, git and file, and by no other scheme")
	case short.MatchString(text):
		switch _, path, _ := strings.Cut(text, ":"); {
		case strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text):
			return Target{}, errors.New("an address has no control characters")
		case strings.Contains(path, "@"): // user:password@host, for which git takes a path
			return Target{}, errors.New("an address with a password begins with https:// or http://, and one for ssh has none")
		}
		return Target{Name: plain(text), Remote: &Remote{Address: text, Protocol: "ssh"}}, nil
	}
	path := text
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	path, err := filepath.Abs(path)
	return Target{Name: printable(path), Path: path}, err
}

func parseURL(text string) (Target, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return Target{}, errors.New("an address cannot be read")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return Target{}, errors.New("an address of a repository has neither ? nor #")
	case u.Host == "" && u.Scheme != "file", strings.HasPrefix(u.Host, "-"):
		return Target{}, errors.New("an address has no host")
	}
	r := &Remote{Protocol: protocols[u.Scheme]}
	user := u.User
	u.User = nil
	switch {
	case user == nil:
	case u.Scheme == "ssh":
		u.User = url.User(user.Username())
	default:
		if password, _ := user.Password(); strings.ContainsFunc(user.Username()+password, unicode.IsControl) {
			return Target{}, errors.New("a user or a password has no control characters")
		}
		r.userinfo = func() *url.Userinfo { return user }
	}
	u.Host = strings.ToLower(u.Host)
	r.Address = u.String()
	return Target{Name: plain(r.Address), Remote: r}, nil
}

// plain returns an address without the endings that make no difference.
func plain(address string) string {
	return strings.TrimSuffix(strings.TrimRight(address, "/"), ".git")
}

// printable returns a path as a text, whatever bytes it has.
func printable(path string) string {
	var b strings.Builder
	for len(path) > 0 {
		r, n := utf8.DecodeRuneInString(path)
		if r == utf8.RuneError && n == 1 || unicode.IsControl(r) {
			fmt.Fprintf(&b, `\x%02x`, path[:n])
		} else {
			b.WriteString(path[:n])
		}
		path = path[n:]
	}
	return b.String()
}

// ReadList reads repositories, one a line. Empty lines, those that begin with #, and what stands behind a blank and # say nothing.
func ReadList(in io.Reader, folder string) ([]Target, error) {
	var list []Target
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(" "+lines.Text(), " #")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		t, err := Parse(line, folder)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		list = append(list, t)
	}
	return list, lines.Err()
}

// Unique returns the targets in their order, each name once.
func Unique(list []Target) []Target {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(t Target) bool {
		again := seen[t.Name]
		seen[t.Name] = true
		return again
	})
}
