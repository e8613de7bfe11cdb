package tag

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// kubeconfig is what matters here of the file by which people and jobs log in to clusters.
// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
type kubeconfig struct {
	Clusters []struct {
		Name    string `yaml:"name"`
		Cluster struct {
			Server string `yaml:"server"`
		} `yaml:"cluster"`
	} `yaml:"clusters"`
	Users []struct {
		Name string    `yaml:"name"`
		User yaml.Node `yaml:"user"`
	} `yaml:"users"`
	Contexts []struct {
		Context struct {
			Cluster string `yaml:"cluster"`
			User    string `yaml:"user"`
		} `yaml:"context"`
	} `yaml:"contexts"`
}

// clusters are those that the users of a kubeconfig log in to.
type clusters struct {
	users []login             // in the order of the file
	hosts map[string][]string // by user
}

// login is a user of a kubeconfig, and the line on which its credentials begin.
type login struct {
	name string
	line int
}

// servers returns the hosts of the clusters that the candidate logs in to, if it is a user's credential in a kubeconfig: those of the
// contexts that name the user.
func (t text) servers() []string {
	if t.config == nil {
		t.config = &clusters{}
		if read, ok := clustersOf(t.data); ok {
			t.config = &read
		}
	}
	line, user := 1+t.lineOf(t.at.Start), ""
	for _, u := range t.config.users {
		if u.line <= line {
			user = u.name // the last that begins above it
		}
	}
	return slices.Clone(t.config.hosts[user])
}

// clustersOf reads a kubeconfig; ok is false for what is none.
func clustersOf(data []byte) (c clusters, ok bool) {
	for _, section := range []string{"clusters", "users", "contexts"} {
		if !bytes.Contains(data, []byte(section)) {
			return clusters{}, false
		}
	}
	defer func() {
		if recover() != nil { // the text is anybody's
			c, ok = clusters{}, false
		}
	}()
	var config kubeconfig
	if yaml.Unmarshal(data, &config) != nil {
		return clusters{}, false
	}
	for _, u := range config.Users {
		if u.User.Line != 0 {
			c.users = append(c.users, login{u.Name, u.User.Line})
		}
	}
	servers := map[string][]string{}
	for _, cluster := range config.Clusters {
		_, after, _ := strings.Cut(cluster.Cluster.Server, "://")
		if host := authorityHost([]byte(after)); host != "" {
			servers[cluster.Name] = append(servers[cluster.Name], host)
		}
	}
	c.hosts = map[string][]string{}
	type loggedIn struct{ user, host string }
	seen := map[loggedIn]bool{}
	for _, context := range config.Contexts {
		user := context.Context.User
		for _, host := range servers[context.Context.Cluster] {
			if in := (loggedIn{user, host}); user != "" && !seen[in] {
				seen[in] = true
				c.hosts[user] = append(c.hosts[user], host)
			}
		}
	}
	return c, true
}
