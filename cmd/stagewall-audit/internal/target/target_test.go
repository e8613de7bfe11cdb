package target

import (
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, name, address, protocol string }{
		{"/srv/git/a.git", "/srv/git/a.git", "", ""},
		{"b", "/here/b", "", ""},
		{"../b:c", "/b:c", "", ""},
		{"/srv/a\nb\xff", `/srv/a\x0ab\xff`, "", ""},
		{"https://Git.Example.com/acme/api.git/", "https://git.example.com/acme/api", "https://git.example.com/acme/api.git/", "https"},
		{"https://user:hunter@git.example.com/acme/api", "https://git.example.com/acme/api", "https://git.example.com/acme/api", "https"},
		{"https://hunter@git.example.com/acme/api", "https://git.example.com/acme/api", "https://git.example.com/acme/api", "https"},
		{"ssh://git:hunter@git.example.com:22/acme/api", "ssh://git@git.example.com:22/acme/api", "ssh://git@git.example.com:22/acme/api", "ssh"},
		{"git@git.example.com:acme/api.git", "git@git.example.com:acme/api", "git@git.example.com:acme/api.git", "ssh"},
		{"file:///srv/git/a.git", "file:///srv/git/a", "file:///srv/git/a.git", "file"},
	} {
		got, err := Parse(c.text, "/here")
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got.Remote == nil {
			got.Remote = &Remote{}
		}
		if got.Name != c.name || got.Remote.Address != c.address || got.Remote.Protocol != c.protocol {
			t.Errorf("%q: %q, %q by %q", c.text, got.Name, got.Remote.Address, got.Remote.Protocol)
		}
		if all := fmt.Sprintf("%+v %#v %v", got, got, *got.Remote); strings.Contains(all, "hunter") {
			t.Errorf("%q is printed as %s", c.text, all)
		}
	}
	for _, text := range []string{
		"", "ext::sh -c hunter", "ext://hunter", "ftp://hunter@host/x", "https://host/x?private_token=hunter", "https://host/x#hunter", "https://us er:hunter@host/x",
		"https://", "ssh://-oProxyCommand=hunter/x", "https://user:hunter@host:port/x", "https://user:pa%zzss@host/x", "git@host:x\nhunter",
		"user:hunter@host/x", "user:hunter@host:x", "https://user:hunter%0ahost=other@host/x",
	} {
		if got, err := Parse(text, "/here"); err == nil && got.Remote != nil || err != nil && strings.Contains(err.Error(), "hunter") {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestReadList(t *testing.T) {
	got, err := ReadList(strings.NewReader("# ours\n\n  a  \nhttps://host/b # b\r\n#c\na#b\na\n"), "/here")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range Unique(got) {
		names = append(names, one.Name)
	}
	if s := strings.Join(names, " "); s != "/here/a https://host/b /here/a#b" {
		t.Error(s)
	}
	if _, err := ReadList(strings.NewReader("a\nhttps://host/?hunter\n"), ""); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
		t.Error(err)
	}
}
