package tag

import (
	"bytes"
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

// servers returns the hosts of the clusters that the candidate logs in to, if it is a user's credential in a kubeconfig: those of the
// contexts that name the user.
func (t text) servers() (hosts []string) {
	for _, section := range []string{"clusters", "users", "contexts"} {
		if !bytes.Contains(t.data, []byte(section)) {
			return nil
		}
	}
	defer func() {
		if recover() != nil { // the text is anybody's
			hosts = nil
		}
	}()
	var config kubeconfig
	if yaml.Unmarshal(t.data, &config) != nil {
		return nil
	}
	line := 1 + bytes.Count(t.data[:t.at.Start], []byte("\n"))
	user := ""
	for _, u := range config.Users {
		if u.User.Line != 0 && u.User.Line <= line {
			user = u.Name // the last that begins above it
		}
	}
	for _, c := range config.Contexts {
		if user == "" || c.Context.User != user {
			continue
		}
		for _, cluster := range config.Clusters {
			if cluster.Name != c.Context.Cluster {
				continue
			}
			_, after, _ := strings.Cut(cluster.Cluster.Server, "://")
			if host := authorityHost([]byte(after)); host != "" {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}
